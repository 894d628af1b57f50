// When a view is drawn, a sweep over places, and what pointers and arrow keys do on a picture.

export const MOST_AT_ONCE = 8e6; // multiply–accumulates that fit into a frame: 256 × 256 under 11 × 11
const SLICE = 8; // milliseconds of a frame that large work may take
const SLOW = 300; // milliseconds of work after which one is told of it

export class Frames {
  work = null;
  id = 0;
  is_due = false; // whether something is to be drawn
  is_ahead = false; // whether a change has been drawn since the last frame, ahead of the next
  since = 0;

  // derive(): a generator of what follows from the settings; it yields where it may be left. draw(): puts it on screen.
  // late(): the work takes longer than one waits without a word.
  constructor({ derive, draw, is_large, late }) {
    this.derive = derive;
    this.draw = draw;
    this.is_large = is_large;
    this.late = late;
  }

  // anew: whether the settings have changed, not only what is pointed at.
  request(anew = false) {
    if (anew && !this.work) this.since = performance.now();
    if (anew) this.work = this.derive();
    this.is_due = true;
    this.id ||= requestAnimationFrame(() => {
      this.id = 0;
      this.is_ahead = false;
      this.#go();
    });
    // A change does not wait for its frame: what is drawn between two frames is seen at the next, which has less to do.
    if (!anew || this.is_ahead || this.is_large()) return;
    this.is_ahead = true;
    queueMicrotask(() => this.#go());
  }

  end() {
    cancelAnimationFrame(this.id);
    this.is_due = false;
    this.work = null;
  }

  #go() {
    if (!this.is_due) return;
    this.is_due = false;
    const until = this.work && this.is_large() ? performance.now() + SLICE : Infinity;
    while (this.work && performance.now() < until) {
      if (this.work.next().done) this.work = null;
    }
    if (!this.work) return this.draw();
    if (performance.now() - this.since > SLOW) this.late();
    this.request();
  }
}

const LONGEST = 16; // seconds that a sweep takes at normal speed, at most
const SLOWEST = 2; // places a second, at least
const CALM = 0.3; // of the speed, for those who asked for less motion and pressed play all the same

export class Sweep {
  speed = 1;
  id = 0;
  paused = 0;

  // count(): how many places there are; at(): which one is marked; go(i): mark another. changed(): it began or ended.
  constructor({ count, at, go, changed }) {
    this.count = count;
    this.at = at;
    this.go = go;
    this.changed = changed;
  }

  get is_playing() {
    return this.id !== 0;
  }

  toggle() {
    if (!this.is_playing) return this.#begin();
    this.paused = this.at(); // from where it goes on, unless another place is marked meanwhile
    this.stop();
  }

  step(by) {
    this.stop();
    this.go((this.at() + by + this.count()) % this.count());
  }

  stop() {
    if (!this.is_playing) return;
    cancelAnimationFrame(this.id);
    this.id = 0;
    this.changed();
  }

  #begin() {
    const from = this.at() === this.paused ? this.paused : 0;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches ? CALM : 1;
    let last = performance.now(), place = from;
    const frame = (now) => {
      place += ((now - last) / 1000) * Math.max(SLOWEST, this.count() / LONGEST) * this.speed * calm;
      last = now;
      if (place >= this.count()) return this.stop();
      this.id = requestAnimationFrame(frame);
      this.go(Math.floor(place));
    };
    this.id = requestAnimationFrame(frame);
    this.changed();
  }
}

// Hover previews, a press or a drag pins, arrow keys walk. A finger previews, and pins where it is lifted: it may be there
// to scroll the page. A second finger does nothing.
const nothing = () => {};
export function pointable(picture, { hover = nothing, pin = hover, leave = nothing, walk, toggle = nothing }) {
  const { canvas } = picture;
  const acts = {
    pointermove: ({ buttons, pointerType }) => (buttons && pointerType === "mouse" ? pin : hover),
    pointerdown: ({ pointerType }) => (pointerType === "mouse" ? pin : hover),
    pointerup: ({ pointerType }) => (pointerType === "mouse" ? nothing : pin),
  };
  for (const [type, act_of] of Object.entries(acts)) {
    canvas.addEventListener(type, (event) => {
      const act = act_of(event), at = event.isPrimary && act !== nothing ? picture.at(event) : null; // to ask where may wait for a layout
      if (at !== null) act(at);
    });
  }
  canvas.addEventListener("pointerleave", leave);
  canvas.addEventListener("keydown", (event) => {
    const steps = {
      ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
      PageUp: [-8, 0], PageDown: [8, 0], Home: [0, -Infinity], End: [0, Infinity],
    };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (steps[event.key]) walk(...steps[event.key]);
    else if (event.key === " ") toggle();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

const SIDEWAYS = 8; // pixels that a finger goes before it drags, and scrolls no more

// A drag by one pointer, of which a second finger is no part. press(event) answers whether one begins.
export function draggable(node, { press, move, end }) {
  let held = null, from = 0;
  node.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button || !press(event)) return;
    held = event.pointerId;
    from = event.pointerType === "touch" ? event.clientX : NaN;
    node.setPointerCapture(held);
  });
  node.addEventListener("pointermove", (event) => {
    if (event.pointerId !== held || Math.abs(event.clientX - from) < SIDEWAYS) return;
    from = NaN;
    move(event);
  });
  for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) {
    node.addEventListener(type, (event) => {
      if (event.pointerId !== held) return;
      held = null;
      end(event);
    });
  }
}
