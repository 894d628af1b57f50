// A picture that a person moves over its panel: dragged by mouse or finger, or by the arrow keys. Where it is and how
// far it may go, Python says; a move is a request.

const DRAG_HINT =
  "Drag the picture, or move it with the arrow keys once it has the focus; Shift and an arrow key go from cell to cell.";

class Drag {
  // `ask(request)` passes a move on; `started()` is told when a drag begins.
  constructor(panels, { ask, started }) {
    Object.assign(this, { panels, ask, started, held: null, asked: null });
  }

  attach(panel, index) {
    const { canvas } = panel;
    canvas.addEventListener("pointerdown", (event) => this.grab(event, index));
    canvas.addEventListener("pointermove", (event) => this.pull(event));
    canvas.addEventListener("lostpointercapture", () => (this.held = null));
    canvas.addEventListener("click", (event) => this.moved && event.stopImmediatePropagation());
  }

  // Whether a key pressed on a panel was for the picture in it.
  onKey(event, index) {
    const step = DOWN_RIGHT[event.key];
    if (!step || !this.bounds(index) || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return false;
    const place = this.place(index);
    this.to(index, [place[0] + step[0], place[1] + step[1]]);
    return true;
  }

  bounds(index) {
    return this.panels[index]?.description.drag;
  }

  // After a new state: what was asked for may be there.
  refresh() {
    const { panel, place } = this.asked ?? {};
    if (this.asked && this.bounds(panel)?.at.join() === place.join()) this.asked = null;
  }

  // Where the picture is, or where it was asked to be a moment ago, and the answer is yet to come.
  place(index) {
    const { place, at, panel } = this.asked ?? {};
    return panel === index && performance.now() - at < SOON ? place : this.bounds(index).at;
  }

  grab(event, index) {
    this.moved = false;
    if (!this.bounds(index) || event.button) return;
    this.held = { index, x: event.clientX, y: event.clientY, from: this.place(index) };
    event.target.setPointerCapture(event.pointerId);
    this.started();
  }

  pull(event) {
    if (!this.held) return;
    const { index, x, y, from } = this.held;
    const { cell } = this.panels[index];
    this.to(index, [from[0] + Math.round((event.clientY - y) / cell), from[1] + Math.round((event.clientX - x) / cell)]);
  }

  to(panel, wanted) {
    const { least, most } = this.bounds(panel);
    const place = wanted.map((step, axis) => Math.max(least[axis], Math.min(most[axis], step)));
    if (place.join() === this.place(panel).join()) return;
    this.moved = true;
    this.asked = { panel, place, at: performance.now() };
    this.ask({ kind: "move", panel, rows: place[0], columns: place[1] });
  }
}
