// The window on its way: step, back, play, pause and speed, and how far it has come. `done` windows have been
// computed; null while nothing moves and everything is on show.

const SPEEDS = { slow: 0.25, normal: 1, fast: 4 };
const SECONDS = 20; // that a whole output takes at normal speed
const LEAST_A_SECOND = 4; // windows, however few there are

class Motion {
  // `moved` is called after every move, `rested(words)` where somebody should hear of it.
  constructor(parent, moved, rested) {
    Object.assign(this, { moved, rested, count: 0, done: null, playing: false });
    this.root = element("div", "convscope-motion", parent);
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", "the window on its way");
    this.button("Back", "Back: one window back", () => this.step(-1));
    this.toggle = this.button("Play", "play", () => (this.playing ? this.pause() : this.play()));
    this.button("Step", "Step: one window on", () => this.step(1));
    this.button("Show all", "Show all: stop and show the whole output", () => this.end());
    this.speed = control("select", "speed", this.root);
    for (const name of Object.keys(SPEEDS)) element("option", "", this.speed, name).selected = name === "normal";
    this.slider = control("input", "window", this.root);
    Object.assign(this.slider, { type: "range", min: 1, step: 1 });
    this.slider.addEventListener("input", () => this.to(this.slider.valueAsNumber, true));
    this.line = element("span", "convscope-progress", this.root);
    this.still = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.preferred = () => this.draw();
    this.still.addEventListener("change", this.preferred);
  }

  destroy() {
    this.pause();
    this.still.removeEventListener("change", this.preferred);
  }

  button(text, name, pressed) {
    const made = control("button", name, this.root, text);
    made.type = "button";
    made.addEventListener("click", pressed);
    return made;
  }

  // A new output of so many windows: nothing moves any more.
  show(count) {
    this.count = count;
    this.root.hidden = !count;
    this.end();
  }

  end() {
    this.stop();
    if (this.done === null) return this.draw();
    this.done = null;
    this.draw();
    this.moved();
  }

  step(by) {
    this.to((this.done ?? (by > 0 ? 0 : this.count)) + by, true);
    this.rested(this.inWords());
  }

  to(done, stop = false) {
    if (stop) this.stop();
    this.done = Math.max(1, Math.min(this.count, done));
    this.draw();
    this.moved();
  }

  play() {
    if (this.still.matches) return;
    this.playing = true;
    this.due = 0;
    this.last = null;
    this.to(this.done === null || this.done >= this.count ? 1 : this.done);
    this.frame = requestAnimationFrame((now) => this.tick(now));
  }

  pause() {
    if (!this.playing) return;
    this.stop();
    this.draw();
    this.rested(`paused at ${this.inWords()}`);
  }

  stop() {
    this.playing = false;
    cancelAnimationFrame(this.frame);
  }

  // One frame: as many windows as the time since the last one is worth.
  tick(now) {
    const seconds = Math.min(0.1, (now - (this.last ?? now)) / 1000);
    this.last = now;
    this.due += seconds * SPEEDS[this.speed.value] * Math.max(LEAST_A_SECOND, this.count / SECONDS);
    const whole = Math.floor(this.due);
    this.due -= whole;
    if (whole) this.to(this.done + whole);
    if (this.done >= this.count) this.pause();
    else this.frame = requestAnimationFrame((next) => this.tick(next));
  }

  draw() {
    say(this.toggle, this.playing ? "Pause" : "Play");
    this.toggle.setAttribute("aria-label", this.playing ? "pause" : "play");
    this.toggle.disabled = this.still.matches;
    this.slider.max = this.count;
    this.slider.value = this.done ?? this.count;
    this.slider.setAttribute("aria-valuetext", this.inWords());
    say(this.line, this.inWords() + (this.still.matches ? "; reduced motion is set: step instead" : ""));
  }

  inWords() {
    const count = inThousands(this.count);
    if (this.count === 1) return "the only window";
    return this.done === null ? `all ${count} windows` : `window ${inThousands(this.done)} of ${count}`;
  }
}
