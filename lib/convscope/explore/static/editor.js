// Numbers in the cells of a panel, changed by a person: typed into a small field, or nudged by key or by dragging.
// A change is a request; Python answers with a new state or with a reason.

const EDIT_HINT = "double-click, or Enter or a digit, to type; drag up or down, or Shift + ↑ ↓, to change by 0.1.";
const NUDGE = 0.1;
const DRAG_STEP = 10; // CSS pixels for one nudge
const FIELD = 68; // CSS pixels
const SOON = 1000; // milliseconds within which a nudge builds on the last one, answered or not

class Editor {
  // `ask(cell, value)` passes a change on, `refuse(sentence)` says why there is none, `keep(cell)` marks a cell.
  constructor(panels, { ask, refuse, keep }) {
    Object.assign(this, { panels, ask, refuse, keep, field: null, drag: null });
  }

  attach(panel, index) {
    const { canvas } = panel;
    canvas.addEventListener("dblclick", (event) => this.open({ panel: index, ...panel.cellAt(event) }));
    canvas.addEventListener("pointerdown", (event) => this.grab(event, { panel: index, ...panel.cellAt(event) }));
    canvas.addEventListener("pointermove", (event) => this.pull(event));
    canvas.addEventListener("lostpointercapture", () => (this.drag = null));
    canvas.addEventListener("click", (event) => this.dragged && event.stopImmediatePropagation());
  }

  mayEdit(cell) {
    return this.panels[cell.panel].description.editable;
  }

  valueOf({ panel, row, column }) {
    return this.panels[panel].valueAt(row, column);
  }

  // Whether a key pressed on a cell was for the editor.
  onKey(event, cell) {
    if (!this.mayEdit(cell) || event.ctrlKey || event.metaKey || event.altKey) return false;
    const [down] = (event.shiftKey && DOWN_RIGHT[event.key]) || [0];
    if (down) this.nudge(cell, -down);
    else if (event.key === "Enter") this.open(cell);
    else if (/^[-−.0-9]$/.test(event.key)) this.open(cell, event.key);
    else return false;
    return true;
  }

  nudge(cell, by) {
    const { cell: last, value, at } = this.asked ?? {};
    const again = last && JSON.stringify(last) === JSON.stringify(cell) && performance.now() - at < SOON;
    this.change(cell, (again ? value : this.valueOf(cell)) + by * NUDGE);
  }

  change(cell, value) {
    const rounded = Number(value.toPrecision(7)) + 0; // float32 holds no more; no minus zero
    this.asked = { cell, value: rounded, at: performance.now() };
    this.keep(cell);
    this.ask(cell, rounded);
  }

  grab(event, cell) {
    this.dragged = false;
    if (!this.mayEdit(cell) || event.button || event.pointerType === "touch") return;
    this.drag = { cell, start: event.clientY, value: this.valueOf(cell), steps: 0 };
    event.target.setPointerCapture(event.pointerId);
  }

  pull(event) {
    if (!this.drag) return;
    const { cell, start, value, steps } = this.drag;
    const now = Math.trunc((start - event.clientY) / DRAG_STEP);
    if (now === steps) return;
    this.dragged = true;
    this.drag.steps = now;
    this.change(cell, Number((value + now * NUDGE).toFixed(6)));
  }

  open(cell, text) {
    if (!this.mayEdit(cell)) return;
    this.close();
    this.keep(cell);
    const panel = this.panels[cell.panel];
    const field = control("input", panel.nameOf(cell.row, cell.column), panel.stack);
    Object.assign(this, { cell, field });
    field.classList.add("convscope-field");
    field.inputMode = "decimal";
    field.value = text ?? `${Number(this.valueOf(cell).toPrecision(7))}`;
    field.addEventListener("keydown", (event) => this.onFieldKey(event));
    field.addEventListener("blur", () => this.field === field && (this.commit() || this.close()));
    this.place();
    field.focus();
    if (text === undefined) field.select();
  }

  // The field stands over its cell, wherever that has moved to.
  place() {
    if (!this.field) return;
    const panel = this.panels[this.cell.panel];
    const { x, y, width, height } = panel.place([this.cell.row], [this.cell.column]);
    this.field.style.left = `${x + (width - FIELD) / 2}px`;
    this.field.style.top = `${y + height / 2 - 14}px`;
  }

  // After a new state: the cell may have gone.
  refresh() {
    const { row = 0, column = 0, panel } = this.cell ?? {};
    const on = this.panels[panel];
    if (this.field && !(on && on.description.editable && row < on.rows && column < on.columns)) this.close();
  }

  onFieldKey(event) {
    event.stopPropagation();
    if (event.key === "Escape") this.leave();
    else if (event.key === "Enter") this.commit() && this.leave();
    else if (event.key === "Tab") return this.onTab(event);
    else return;
    event.preventDefault();
  }

  // On to the next cell, or back; past the last one the browser moves the focus, from the canvas.
  onTab(event) {
    const { rows, columns } = this.panels[this.cell.panel];
    const next = this.cell.row * columns + this.cell.column + (event.shiftKey ? -1 : 1);
    if (!this.commit()) return event.preventDefault();
    if (next < 0 || next >= rows * columns) return this.leave();
    event.preventDefault();
    this.open({ panel: this.cell.panel, row: Math.floor(next / columns), column: next % columns });
  }

  // Whether the field holds a number; asks for it where it is a new one.
  commit() {
    const value = parsed(this.field.value);
    this.field.setAttribute("aria-invalid", `${Number.isNaN(value)}`);
    if (Number.isNaN(value)) {
      this.refuse(`“${this.field.value}” is not a number; write one such as 0.5, −1 or 1/9.`);
      return false;
    }
    if (Math.abs(value - this.valueOf(this.cell)) > 1e-7 * Math.abs(value)) this.change(this.cell, value);
    else this.refuse("");
    return true;
  }

  leave() {
    const { canvas } = this.panels[this.cell.panel];
    this.close();
    canvas.focus();
  }

  close() {
    const { field } = this;
    this.field = null; // before it loses the focus
    field?.remove();
  }
}

// What can be changed, and how; nothing where nothing can.
function editHint(panels) {
  const editable = panels.filter((panel) => panel.description.editable);
  if (!editable.length) return "";
  const pictures = editable.filter((panel) => panel.isPicture).map((panel) => panel.name);
  return `${pictures.length ? `Numbers of ${pictures.join(" and ")}` : "Weights"}: ${EDIT_HINT}`;
}

// A number as people write it, a fraction too; NaN where it is none.
function parsed(text) {
  const parts = text.replaceAll("−", "-").replace(",", ".").split("/");
  if (parts.length > 2 || parts.some((part) => !part.trim())) return NaN;
  const value = Number(parts[0]) / Number(parts[1] ?? 1);
  return Number.isFinite(value) ? value : NaN;
}
