// How a view and Python agree. The view computes and shows at once; when the hand rests it writes its settings, which
// of them the hand has changed, and its own name. Python changes only those, and says what settings it has now and the
// numbers for them. Every view follows, but for what its own hand has changed and Python has not yet answered; it takes
// the numbers only if they are for the settings on show: so nothing stale is shown.
import { unique } from "./dom.js";
import { plane } from "./twin/ops.js";
import { same } from "./store.js";

const REST = 100; // milliseconds without a change after which the hand rests
const LATE = 1500; // milliseconds without an answer after which Python is busy
const BUSY = "Python is busy. What you see is computed here; Python follows when it is free.";
const GONE = "Python has stopped. Everything here goes on working; run this cell again to connect it to Python.";

export class Wire {
  view = unique();
  serial = 0;

  // pictures: Map of planes by key, which this fills. own_picture(settings): {key, shape, data} of one that Python may
  // not have, or null. take(numbers): NumPy's, lists of planes by name, for the settings on show.
  constructor(model, { store, shell, pictures, own_picture, take }) {
    this.model = model;
    this.store = store;
    this.shell = shell;
    this.pictures = pictures;
    this.own_picture = own_picture;
    this.take = take;
    this.seen = store.settings;
    this.mine = new Set(); // names of what the hand has changed and Python has not answered
    this.heard = () => this.#hear(model.get("_said"));
    this.cut = () => this.#cut();
    model.on("change:_said", this.heard);
    model.on("comm_live_update", this.cut);
    this.is_alive = model.is_alive ?? true;
  }

  end() {
    this.model.off("change:_said", this.heard);
    this.model.off("comm_live_update", this.cut);
    clearTimeout(this.resting);
    clearTimeout(this.waiting);
  }

  // The settings have changed; unless Python said so, it is told when the hand rests.
  tell({ told = false } = {}) {
    const before = this.seen, now = (this.seen = this.store.settings);
    if (told || !this.is_alive) return;
    for (const name of Object.keys(now)) if (!same(now[name], before[name])) this.mine.add(name);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.#send(), REST);
  }

  #send() {
    this.resting = undefined;
    const { settings } = this.store, mine = [...this.mine], picture = this.own_picture(settings);
    this.model.set("_told", { view: this.view, serial: ++this.serial, settings, mine, picture });
    this.model.save_changes();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.shell.report(BUSY, "busy"), LATE);
  }

  #hear({ view, answers, settings, numbers, refusal }) {
    keep(this.pictures, this.model.get("_own"));
    if (view === this.view && answers === this.serial) this.#answered();
    const mine = Object.fromEntries([...this.mine].map((name) => [name, this.store.settings[name]]));
    this.store.follow(settings, mine);
    if (refusal && view === this.view) this.shell.refuse(refusal);
    if (same(settings, this.store.settings)) this.take(Object.fromEntries(Object.entries(numbers).map(([name, array]) => [name, planes(array)])));
  }

  // Python has heard all that this view had to say, unless the hand has moved again.
  #answered() {
    clearTimeout(this.waiting);
    if (this.resting === undefined) this.mine.clear();
    this.shell.report("");
  }

  // The comm was cut, or is back: the kernel died, or was started anew and this view is of the old one.
  #cut() {
    this.is_alive = !this.is_alive;
    clearTimeout(this.waiting);
    this.shell.report(this.is_alive ? "" : GONE, "gone");
  }
}

// Arrays that came with their shapes, (row, column) or (channel, row, column), as planes. parts: of which bytes count so
// many to 1; in place of float32.
export function planes({ shape, data, parts = 0 }) {
  const [rows, columns] = shape.slice(-2), channels = shape.length === 3 ? shape[0] : 1;
  const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  const numbers = parts ? Float32Array.from(new Uint8Array(bytes), (each) => each / parts) : new Float32Array(bytes);
  return Array.from({ length: channels }, (_, c) => plane(rows, columns, numbers.subarray(c * rows * columns, (c + 1) * rows * columns)));
}

export function keep(pictures, described) {
  for (const [key, array] of Object.entries(described ?? {})) pictures.set(key, planes(array));
}

// A view without Python: `render` on an element of any page, from what an explorer's page or output holds of it.
export function mount(render, el, state) {
  const model = { get: (name) => state[name], set() {}, save_changes() {}, on() {}, off() {}, is_alive: false };
  return render({ model, el });
}

// The same from text: JSON in which arrays are base64.
export function revived(text) {
  const bytes = (base64) => new DataView(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer);
  return JSON.parse(text, (_, value) => (typeof value?.base64 === "string" ? bytes(value.base64) : value));
}
