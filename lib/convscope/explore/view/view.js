// What every explorer's view is: settings in a store, a wire to Python and a shell. What has changed is worked out and
// drawn at once, or in the next frame where it is large or more has changed since the last.
import { call } from "./controls/settings.js";
import { tokens } from "./draw/colours.js";
import { put, travels, unique } from "./dom.js";
import { Frames } from "./motion.js";
import { Shell } from "./shell.js";
import { Store } from "./store.js";
import { Wire, keep } from "./wire.js";

// A subclass has `changed(settings, changes, view)`, which gives the next settings or throws a Refusal; `build()`, which
// makes pictures, cards and `controls`; `*derive(settings)`, which gives what follows from settings and yields where it
// may be left; `paint()`, what only settings change, and `draw()`, what pointing changes too. It may have `fit()`, which
// asks for sizes once all that is painted is in place: between changes, the browser would lay out anew; `is_large()`,
// whether to work in slices, `settled(before)`, called when there is something new, `stop()`, and style sheets of its
// own, `static styles`.
export class View {
  static styles = [];
  pictures = new Map();
  made = null;
  painted = null;
  controls = [];
  own_image = null;
  hot = -1; // the place in cards that is pointed at

  constructor(model, el) {
    const options = model.get("_options");
    this.model = model;
    this.options = options;
    for (const name of ["_pictures", "_own"]) keep(this.pictures, model.get(name));
    this.shell = new Shell(el, { label: options.label, styles: new.target.styles });
    this.frames = new Frames({
      derive: () => this.#derive(), draw: () => this.#draw(), is_large: () => this.is_large(),
      late: () => this.shell.tell("computing …"),
    });
  }

  // Not part of the constructor: there, a subclass has no private methods yet.
  begin() {
    const { model, options } = this;
    this.store = new Store({ ...options.start, ...options.usual }, {
      change: (settings, changes) => this.changed(settings, changes, this),
      weigh: ({ image }) => [image, (this.pictures.get(image) ?? []).reduce((sum, { data }) => sum + data.byteLength, 0)],
      changed: (how) => this.#changed(how),
      refuse: (sentence) => this.shell.refuse(sentence),
    });
    this.build();
    this.store.start = this.store.begin(options.start);
    this.store.begin(model.get("_said").settings);
    this.wire = new Wire(model, {
      store: this.store, shell: this.shell, pictures: this.pictures,
      own_picture: (settings) => this.#own_picture(settings), take: (numbers) => this.#take(numbers),
    });
    this.shell.on_room(() => this.#refresh());
    this.shell.stage.addEventListener("pointerdown", () => this.refuse(""));
    this.shell.root.addEventListener("keydown", (event) => {
      const way = travels(event);
      if (!way || event.target.matches(".field")) return; // a field has an undo of its own
      this.store[way]();
      event.preventDefault();
    });
  }

  // What a subclass has in place of these, with its types.

  /** @type {(settings: any, changes: any, view?: any) => any} */
  changed;

  build() {}

  /** @type {(settings) => any} */
  derive() {}

  paint() {}

  fit() {}

  draw() {}

  is_large() {
    return false;
  }

  /** @type {(before) => void} */
  settled() {}

  stop() {}

  // The call that makes an explorer as this one stands. code: settings in other words than `literal` has.
  in_code(settings, code = {}) {
    const { label, start, usual } = this.options;
    return call(label, settings, { ...start, ...usual }, code);
  }

  end() {
    this.stop();
    this.frames.end();
    this.wire.end();
    this.shell.end();
  }

  // Put everything on screen once more, as for another size or theme; nothing is computed for it.
  repaint() {
    this.painted = null;
    this.frames.request();
  }

  // Something else is pointed at.
  look(seen) {
    Object.assign(this, seen);
    this.frames.request();
  }

  // The same place in several cards: pointing at one marks all, and so does focus. place: of a card's cell; is_busy(): whether not to.
  /** @param {(i: number, card?: any) => number} place */
  link(cards, is_busy, place = (i) => i) {
    for (const card of cards) {
      const look = (hot) => !is_busy() && this.look({ hot });
      for (const type of ["pointerover", "focusin"]) card.grid.addEventListener(type, (event) => look(place(card.at(event), card)));
      for (const type of ["pointerleave", "focusout"]) card.grid.addEventListener(type, () => look(-1));
    }
  }

  refuse(sentence) {
    this.shell.refuse(sentence);
    if (!sentence) this.frames.request();
  }

  // A picture of one's own: chosen, dropped, pasted or drawn. Gives its key. run: as for `ask`; more: what else changes.
  add_picture(planes, run = null, more = {}) {
    const key = `your own ${unique()}`;
    this.pictures.set(key, planes);
    this.store.ask({ image: key, ...more }, run);
    return key;
  }

  // Compute and draw what is out of date; nothing while there is no room to show it.
  #refresh() {
    if (!this.shell.width) return;
    if (this.made?.settings === this.store.settings) {
      this.frames.work = null; // of settings that were taken back before they were drawn
      this.repaint();
    } else {
      this.shell.root.ariaBusy = "true"; // until it is drawn
      this.frames.request(true);
    }
  }

  *#derive() {
    const { settings } = this.store, before = this.made?.settings;
    this.made = { settings, ...(yield* this.derive(settings)) };
    this.painted = null;
    this.settled(before);
  }

  #draw() {
    if (!this.made || !this.shell.width) return; // hidden: on_room tells when it is seen
    this.palette = tokens(this.shell.root);
    if (this.painted !== this.made) {
      this.paint();
      for (const control of this.controls) control.show();
      put(this.shell.code, this.in_code(this.made.settings));
      this.fit();
      this.painted = this.made;
      Object.assign(this.shell.root, { inert: false, ariaBusy: "false" });
    }
    this.draw();
  }

  #changed(how) {
    this.#forget_pictures();
    this.stop();
    this.shell.refuse("");
    this.#refresh();
    this.shell.hear();
    this.wire.tell(how);
    this.shell.host.dispatchEvent(new CustomEvent("settings", { bubbles: true, detail: this.store.settings })); // for the page
  }

  // Pictures of one's own that no step of undo leads back to.
  #forget_pictures() {
    for (const image of this.pictures.keys()) {
      const is_named = image in this.model.get("_pictures") || image === this.own_image;
      if (!is_named && !this.store.reaches((settings) => settings.image === image)) this.pictures.delete(image);
    }
  }

  // The image, where Python does not have it.
  #own_picture({ image }) {
    if (!image || image in this.model.get("_pictures") || image in this.model.get("_own")) return null;
    const planes = this.pictures.get(image), [{ rows, columns }] = planes;
    const data = new Float32Array(planes.length * rows * columns);
    planes.forEach((plane, c) => data.set(plane.data, c * rows * columns));
    const shape = planes.length > 1 ? [planes.length, rows, columns] : [rows, columns];
    return { shape, data: new DataView(data.buffer) };
  }

  // NumPy's numbers for what is on show, lists of planes by name: they are what stays.
  #take(numbers) {
    if (!this.made || this.frames.work || this.made.settings !== this.store.settings) return;
    Object.assign(this.made, numbers);
    this.repaint();
  }
}

// What anywidget asks of a module.
export const rendered = (Kind) => ({ model, el }) => {
  const view = new Kind(model, el);
  view.begin();
  return () => view.end();
};
