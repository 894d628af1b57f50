// The view: panels, what is marked in them, and what is said of it. Python sends arrays and links; hover, focus, keys
// and motion are answered here alone.

class PanelsView {
  constructor(model, el) {
    this.model = model;
    this.root = element("div", "convscope-view", el);
    this.root.setAttribute("role", "group");
    this.layout = new Layout(this.root);
    this.panels = [];
    this.motion = new Motion(this.root, () => this.follow(), (words) => this.announce(words));
    this.addText();
    this.editor = new Editor(this.panels, {
      ask: ({ panel, row, column }, value) => this.ask({ kind: "edit", panel, row, column, value }),
      refuse: (sentence) => say(this.refusal, sentence),
      keep: (cell) => this.keep(cell),
    });
    this.drag = new Drag(this.panels, { ask: (request) => this.ask(request), started: () => this.follow() });
    this.hovered = this.kept = null;
    this.root.addEventListener("keydown", (event) => event.key === "Escape" && this.motion.end());
    for (const act of ["keydown", "pointerdown"]) this.root.addEventListener(act, () => say(this.refusal, ""), true);
    this.resized = new ResizeObserver(([entry]) => this.resize(entry.contentRect.width));
    this.resized.observe(this.root);
    this.changed = () => this.read();
    model.on("change", this.changed);
    this.read();
  }

  addText() {
    this.refusal = element("p", "convscope-refusal", this.root);
    this.refusal.setAttribute("role", "alert");
    const row = element("div", "convscope-details", this.root);
    const magnifier = new Magnifier(row);
    const words = element("div", "convscope-words", row);
    this.readout = element("p", "convscope-readout", words);
    this.details = new Details(this.panels, magnifier, new Sum(words));
    for (const name of ["unread", "caption", "hint"]) this[name] = element("p", `convscope-${name}`, words);
    for (const name of ["spoken", "announced"]) {
      this[name] = element("p", `convscope-${name} convscope-heard`, this.root);
      this[name].setAttribute("aria-live", "polite");
    }
  }

  destroy() {
    this.model.off("change", this.changed);
    this.resized.disconnect();
    this.motion.destroy();
    cancelAnimationFrame(this.frame);
  }

  read() {
    const get = (name) => this.model.get(name);
    for (const name of ["caption", "spoken"]) say(this[name], get(name));
    this.hearRefusal(get("refusal"));
    this.root.setAttribute("aria-label", get("label"));
    const sent = ["panels", "arrays", "links", "tables", "picks", "picked", "columns"].map(get);
    if (sent.some((value, i) => value !== this.sent?.[i])) this.readPanels();
    this.sent = sent;
    this.drawSoon();
  }

  // Python's refusals are shown when they change; what the view itself refused stays beside a state that comes late.
  hearRefusal(sentence) {
    if (sentence !== this.heardRefusal) say(this.refusal, sentence);
    this.heardRefusal = sentence;
  }

  readPanels() {
    const get = (name) => this.model.get(name);
    const descriptions = get("panels");
    this.links = get("links").flatMap(({ sources, targets, weights_of: weightsOf }, i) => {
      const [rows, columns] = [0, 1].map((axis) => {
        return new Axis(bufferOf(get("tables")[2 * i + axis]), descriptions[sources[0]].shape[axis]);
      });
      return sources.flatMap((source) => targets.map((target) => ({ source, target, weightsOf, rows, columns })));
    });
    while (this.panels.length > descriptions.length) this.panels.pop().figure.remove();
    while (this.panels.length < descriptions.length) this.panels.push(this.addPanel(this.panels.length));
    this.picks = new Picks(get("picks"), get("picked").map(bufferOf), this.panels);
    descriptions.forEach((description, i) => {
      const values = new Float32Array(bufferOf(get("arrays")[i]));
      const colours = new Uint8Array(bufferOf(get("colour_maps")[description.colours]));
      this.panels[i].show(description, values, colours, neverRead(this.links, i, description.shape), this.picks.in(i));
    });
    this.products = new Products(this.links, this.panels);
    const finals = this.products.finals;
    const [marked] = get("selected");
    this.output = finals.includes(marked) ? marked : finals.at(-1); // the panel of sums that the window travels over
    const played = this.panels[this.output];
    this.motion.show(played ? played.rows * played.columns : 0);
    say(this.unread, unreadInWords(this.panels));
    const hints = [editHint(this.panels), this.panels.some((_, i) => this.drag.bounds(i)) && DRAG_HINT];
    say(this.hint, hints.filter(Boolean).join(" "));
    this.editor.refresh();
    this.drag.refresh();
    this.layoutDue = true;
  }

  addPanel(index) {
    const panel = new Panel(this.layout.row);
    const { canvas } = panel;
    this.editor.attach(panel, index);
    this.drag.attach(panel, index);
    canvas.addEventListener("pointermove", (event) => this.hover({ panel: index, ...panel.cellAt(event) }));
    canvas.addEventListener("pointerleave", () => this.hover(null));
    canvas.addEventListener("click", (event) => this.pin({ panel: index, ...panel.cellAt(event) }));
    canvas.addEventListener("focus", () => {
      if (this.active().panel !== index && !this.drag.bounds(index)) this.keep(this.middle(index));
    });
    canvas.addEventListener("keydown", (event) => this.onKey(event, index));
    return panel;
  }

  ask(request) {
    this.model.set("request", { serial: (this.model.get("request").serial ?? 0) + 1, ...request });
    this.model.save_changes();
  }

  resize(width) {
    if (width === this.width) return;
    this.width = width;
    this.layoutDue = true;
    this.drawSoon();
  }

  // The window has moved: it is what is marked, wherever the pointer rests.
  follow() {
    this.hovered = null;
    this.drawSoon();
  }

  hover(cell) {
    if (this.editor.drag || this.drag.held || isSame(cell, this.hovered)) return;
    this.hovered = cell;
    if (cell) this.motion.pause();
    this.drawSoon();
  }

  // A cell stays marked until another one is, or none.
  keep(cell) {
    this.kept = cell;
    this.hovered = null;
    this.motion.end();
    this.announce();
  }

  pin(cell) {
    this.keep(isSame(cell, this.kept) ? null : cell);
    this.hovered = cell;
    this.choose(cell);
  }

  // Python may show more of the cell that somebody chose.
  choose(cell) {
    if (this.panels[cell.panel].description.choosable) this.ask({ kind: "choose", ...cell });
  }

  onKey(event, index) {
    const { row, column } = this.keyboardCell(index);
    const { rows, columns } = this.panels[index];
    const to = (r, c) => this.keep({ panel: index, row: limit(r, rows), column: limit(c, columns) });
    if (this.editor.onKey(event, { panel: index, row, column })) event.preventDefault();
    else if (this.drag.onKey(event, index)) event.preventDefault();
    else if (event.key in DOWN_RIGHT) to(row + DOWN_RIGHT[event.key][0], column + DOWN_RIGHT[event.key][1]);
    else if (event.key === "Home" || event.key === "End") to(row, event.key === "Home" ? 0 : columns - 1);
    else if (event.key === "Escape") this.keep(null);
    else if (event.key === "Enter") this.choose({ panel: index, row, column });
    else return;
    event.preventDefault();
  }

  // Where the keys of a panel go on from, wherever the pointer rests.
  keyboardCell(panel) {
    const [marked, row, column] = this.model.get("selected");
    const cells = [this.kept, { panel: marked, row, column }].filter((cell) => cell?.panel === panel);
    return cells.find((cell) => this.exists(cell)) ?? this.middle(panel);
  }

  middle(panel) {
    const { rows, columns } = this.panels[panel];
    return { panel, row: Math.floor(rows / 2), column: Math.floor(columns / 2) };
  }

  // The cell that is marked: under the pointer, else the window on its way, else where a person left it, else where
  // Python points.
  active() {
    const [panel, row, column] = this.model.get("selected");
    return [this.hovered, this.travelling(), this.kept].find((cell) => this.exists(cell)) || { panel, row, column };
  }

  exists(cell) {
    const on = cell && this.panels[cell.panel];
    return on && cell.row < on.rows && cell.column < on.columns;
  }

  travelling() {
    if (this.motion.done === null) return null;
    const { columns } = this.panels[this.output];
    const last = this.motion.done - 1;
    return { panel: this.output, row: Math.floor(last / columns), column: last % columns };
  }

  // The output cell whose sum is written out: the marked one, or the one at its place in the output; failing that, the
  // one that would be marked if nobody pointed at anything. None where no panel is made of sums.
  subject(here) {
    const [panel, row, column] = this.model.get("selected");
    const cells = [here, this.travelling(), this.kept, { panel, row, column }];
    const onOutput = (cell) => ({ ...cell, panel: this.products.isFinal(cell.panel) ? cell.panel : this.output });
    const isOfSums = (cell) => cell && this.products.make(cell.panel) && this.exists(onOutput(cell));
    const found = cells.find(isOfSums);
    return found && onOutput(found);
  }

  drawSoon() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    if (!this.width || !this.panels.length) return; // rendered before it is in the page
    if (this.layoutDue) this.arrange();
    const here = this.active();
    const cells = { rows: new Set([here.row]), columns: new Set([here.column]) };
    const reached = [...reach(this.links, here.panel, cells), ...this.picks.of(here)];
    const top = this.write(here, reached);
    this.mark(here, cells, reached, top);
    this.layout.connect(reached);
  }

  arrange() {
    this.layoutDue = false;
    this.layout.arrange(this.panels, this.model.get("columns"), this.width);
    this.details.arrange();
    this.editor.place();
  }

  // Frames round what `here` reads and makes, and round the weights of the `top` terms of a long sum.
  mark(here, cells, reached, top) {
    const { done } = this.motion;
    const played = this.panels[this.output];
    this.panels.forEach((panel, i) => {
      const marks = reached.filter((mark) => mark.panel === i);
      if (here.panel === i) marks.push({ role: "here", ...cells });
      const fills = done !== null && this.products.make(i) && isAsLarge(panel, played);
      marks.push(...top.filter((term) => term.panel === i));
      const pin = this.kept?.panel === i && this.exists(this.kept) ? this.kept : null;
      panel.mark(marks, { unknown: fills ? done : Infinity, pin });
    });
  }

  // Says it all, and gives the terms of the sum that stand out.
  write(here, reached) {
    const pinned = isSame(here, this.kept) ? "; pinned: Escape lets go" : "";
    const words = cellInWords(this.panels, here, reached) + pinned;
    say(this.readout, words);
    if (this.announcing !== undefined) say(this.announced, [this.announcing, words].filter(Boolean).join(": "));
    this.announcing = undefined;
    if (!this.motion.playing) tendControls(this.root.closest(".convscope-explorer"));
    return this.details.show(here, reached, this.products, this.subject(here), this.width);
  }

  // Told to those who listen, with what is marked, once it is drawn.
  announce(words = "") {
    this.announcing = words;
    this.drawSoon();
  }
}

function isSame(a, b) {
  return a === b || Boolean(a && b && a.panel === b.panel && a.row === b.row && a.column === b.column);
}

function isAsLarge(a, b) {
  return a.rows === b.rows && a.columns === b.columns;
}

function render({ model, el }) {
  const view = new PanelsView(model, el);
  return () => view.destroy();
}

export default { render };
