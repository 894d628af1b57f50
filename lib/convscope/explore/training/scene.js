// A network in training: the view asks for one slice of it after another, and draws what Python answers. To pause is not
// to ask. Without Python it shows how far the training has come.
import { dropdown, segments } from "../view/controls/controls.js";
import { h, put, unique } from "../view/dom.js";
import { grey_scale, signed_scale, tokens } from "../view/draw/colours.js";
import { Picture } from "../view/draw/picture.js";
import { Shell } from "../view/shell.js";
import { count, number } from "../view/twin/words.js";
import { planes } from "../view/wire.js";
import { Curves } from "./curves.js";
import sheet from "./training.css" with { type: "css" };

const NEAR = 0.97; // of the loss of guessing: a network that is still there after an epoch has learned nothing
const PATIENCE = 2500; // milliseconds without an answer after which Python is busy: a slice takes much less
const SAYS = {
  alone: "To train the network yourself, run this cell: training needs Python. These are the curves of a run that was kept.",
  busy: "Python is busy: the training goes on when it is free.",
  gone: "Python has stopped: run this cell again to train.",
  settled: "Settings can be changed before the training begins: start again first.",
};
const LEARNS_NOTHING = "It learns nothing: the loss stays where guessing is. Start again with another rate.";
const NAMES = { rate: "rate", batch: "batch size", optimiser: "optimiser", kernel_size: "kernel size", pool: "pool" };
const BY_LIST = ["rate", "batch"]; // too many choices to stand side by side

class Training {
  view = unique();
  serial = 0;
  running = false; // whether this view goes on asking
  changes = {}; // of settings, which Python has yet to answer: the next message may take the place of the last
  /** @type {Record<string, any[]>} */
  before = { loss: [], accuracy: [] }; // curves of the run before
  /** @type {Record<string, number>} */
  most = {}; // the largest number that a sheet has had in this run: its colours do not flicker
  sheets = {};

  constructor(model, el) {
    this.model = model;
    this.options = model.get("_options");
    this.is_alive = model.is_alive ?? true;
    this.shell = new Shell(el, { label: this.options.label, styles: [sheet] });
    this.said = model.get("_said");
    this.store = {
      could: () => (this.is_alive ? (this.said.phase === "ready" ? "" : SAYS.settled) : SAYS.alone),
      ask: (changes) => this.#choose(changes),
      settings: this.said.settings,
    };
    this.#build();
    this.heard = () => this.#hear(model.get("_said"));
    this.cut = () => this.#cut();
    model.on("change:_said", this.heard);
    model.on("comm_live_update", this.cut);
    this.shell.on_room(() => this.#request());
    this.#report();
  }

  end() {
    this.running = false;
    this.model.off("change:_said", this.heard);
    this.model.off("comm_live_update", this.cut);
    clearTimeout(this.late);
    cancelAnimationFrame(this.frame);
    this.shell.end();
  }

  #build() {
    const { shell } = this, { classes } = this.said.answer, guess = Math.log(classes), button = (act) => h("button", { type: "button", onclick: act });
    this.charts = {
      loss: new Curves("loss", { most: 1.1 * guess, ticks: whole_numbers(1.1 * guess), guess, say: number, tick: number }),
      accuracy: new Curves("right answers", { most: 1, ticks: [0, 0.5, 1], guess: 1 / classes, say: percent, tick: (share) => percent(share, 0) }),
    };
    shell.stage.prepend(h("div", { class: "charts" }, Object.values(this.charts).map(({ node }) => node)));
    shell.sentence.remove();
    shell.marks.remove();
    this.image = new Picture(`this ${this.options.truth}`, "image").be_still();
    this.go = button(() => this.#go());
    this.go.className = "go";
    this.stop = button(() => this.#ask("stop"));
    put(this.stop, "stop and keep");
    this.buttons = h("div", { class: "buttons" }, this.go, this.stop);
    this.progress = h("progress", { "aria-label": "progress", max: 1 });
    this.steps = h("p", {});
    this.left = h("p", { class: "note" });
    shell.rule.append(h("header", {}, h("h3", {}, "progress")), this.progress, this.steps, this.left);
    shell.inside.append(shell.code);
    put(shell.more.firstElementChild, "more: code");
  }

  // ---- asking and answering

  #go() {
    if (this.running) this.running = false;
    else if (this.said.phase === "ended") return this.#ask("reset");
    else this.#run();
    this.#request(true);
  }

  #run() {
    this.running = true;
    this.pace = { at: performance.now(), steps: this.said.steps };
    this.#ask("train");
  }

  #choose(changes) {
    Object.assign(this.changes, changes);
    this.store.settings = { ...this.store.settings, ...changes };
    this.#ask("set");
  }

  #ask(act) {
    this.shell.refuse("");
    if (act !== "train") this.running = false;
    this.model.set("_told", { view: this.view, serial: ++this.serial, act, changes: this.changes });
    this.model.save_changes();
    clearTimeout(this.late);
    this.late = setTimeout(() => this.shell.report(SAYS.busy, "busy"), PATIENCE);
  }

  #hear(said) {
    const had = this.said, own = said.view === this.view, is_mine = own && said.answers === this.serial;
    if (is_mine) this.changes = {};
    this.said = said;
    this.store.settings = { ...said.settings, ...this.changes };
    if (said.steps < had.steps || (had.phase !== "ready" && said.phase === "ready")) this.#begin_anew(had);
    clearTimeout(this.late);
    this.#report();
    if (own && !is_mine) return this.#request(); // this view has asked for more since
    if (said.refusal && (own || said.view === "")) {
      this.running = false;
      this.shell.refuse(said.refusal);
    }
    if (said.phase !== "begun") this.running = false;
    if (this.running && is_mine) this.#ask("train");
    this.#request(said.phase !== had.phase || said.refusal !== "");
  }

  #begin_anew(had) {
    this.before = Object.fromEntries(Object.keys(this.charts).map((name) => [name, shown_of(curves_of(had, name))]));
    this.most = {};
  }

  #cut() {
    this.is_alive = !this.is_alive;
    this.running = false;
    clearTimeout(this.late);
    this.#report();
    this.#request();
  }

  #report() {
    const { is_alive, model } = this, is_page = model.is_alive === false; // where there never was a kernel
    this.shell.report(is_alive ? "" : is_page ? SAYS.alone : SAYS.gone, is_alive || is_page ? "" : "gone");
  }

  // ---- drawing

  // One drawing a frame; is_news: what is said then is read aloud.
  #request(is_news = false) {
    if (is_news) this.news = true;
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      if (this.shell.width) this.#draw();
    });
  }

  #draw() {
    const { said, shell, before } = this, run = this.running ? "running" : said.phase;
    this.palette = tokens(shell.root);
    for (const [name, chart] of Object.entries(this.charts)) {
      chart.show({ ...curves_of(said, name), before: before[name] }, this.options.epochs);
      put(chart.chart.note, before[name].length ? "dashed: the run before" : "");
    }
    this.#draw_controls(run);
    this.#draw_progress();
    this.#draw_pictures();
    this.#write(run);
    put(shell.code, said.code);
    shell.root.inert = false;
    if (this.news) shell.hear();
    this.news = false;
  }

  #draw_controls(run) {
    const { said, store, shell } = this, offered = JSON.stringify(said.choices);
    if (offered !== this.offered) {
      this.controls = Object.entries(said.choices).map(([name, values]) => {
        if (!BY_LIST.includes(name)) return segments(store, name, NAMES[name], values);
        return dropdown(store, name, NAMES[name], () => this.said.choices[name].map((value) => [value, number(value), { [name]: value }]));
      });
      shell.controls.replaceChildren(...this.controls.map(({ node }) => node), this.buttons);
      this.offered = offered;
    }
    for (const control of this.controls) control.show();
    put(this.go, { ready: "▶ start", running: "❚❚ pause", begun: "▶ resume", ended: "↺ start again" }[run]);
    this.go.disabled = !this.is_alive;
    this.stop.disabled = !this.is_alive || said.phase !== "begun";
  }

  #draw_progress() {
    const { steps, total, per_epoch } = this.said, { epochs } = this.options;
    this.progress.value = steps / total;
    put(this.steps, `step ${count(steps)} of ${count(total)}`);
    const epoch = `epoch ${count(Math.min(Math.floor(steps / per_epoch) + 1, epochs))} of ${count(epochs)}`;
    put(this.left, [epoch, this.#time_left()].filter(Boolean).join(", "));
  }

  #time_left() {
    const { steps, total } = this.said, done = this.running ? steps - this.pace.steps : 0;
    if (!done) return "";
    const seconds = Math.ceil(((performance.now() - this.pace.at) / 1000 / done) * (total - steps));
    return seconds < 100 ? `about ${seconds} s left` : `about ${Math.round(seconds / 60)} min left`;
  }

  #draw_pictures() {
    const { shell, said, sheets, palette, options } = this;
    if (said.sheets.some(({ title }) => !sheets[title]) || !this.image.node.isConnected) {
      this.sheets = Object.fromEntries(said.sheets.map(({ title }) => [title, new Picture(title, "image").be_still()]));
      shell.pictures.replaceChildren(this.image.node, ...Object.values(this.sheets).map(({ node }) => node));
    }
    const image = planes(options.image);
    this.image.show(image.length === 3 ? [image] : [[image[0]]], { scale: grey_scale(image), palette });
    this.image.describe("", "", `an image of a ${options.truth}`);
    for (const { title, maps } of said.sheets) {
      const all = planes(maps), most = Math.max(signed_scale(all)[2], this.most[title] ?? 0), picture = this.sheets[title];
      this.most[title] = most;
      picture.show(all.map((map) => [map]), { scale: ["signed", -most, most], palette });
      picture.describe("", "", title === "kernels" ? `${all.length} kernels` : `${all.length} maps of ${title}`);
    }
  }

  #write(run) {
    const { said, shell, options } = this, { truth } = options, { answer } = said, sure = `${answer.share > 0.99 ? "over 99%" : percent(answer.share, 0)} sure`;
    const right = this.charts.accuracy.in_words(curves_of(said, "accuracy"));
    shell.write(said.steps ? `Right answers: ${right}.` : "Not trained yet: the weights are random, and the network guesses.");
    const reads = answer.class === truth ? `It reads this ${truth} correctly, ${sure}.` : `It takes this ${truth} for a ${answer.class}, ${sure}.`;
    const guesses = said.steps >= said.per_epoch && said.training.loss.at(-1) > NEAR * Math.log(answer.classes);
    const words = {
      ready: "Choose the settings, then press start.",
      running: "It learns: every step changes the weights a little.",
      begun: "Paused: it waits for as long as you like.",
      ended: `${said.steps < said.total ? "Stopped" : "Trained to the end"}: the cells below use this network.`,
    };
    shell.tell([reads, guesses ? LEARNS_NOTHING : this.is_alive ? words[run] : ""].join(" "));
  }
}

const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)}%`;
const whole_numbers = (most) => Array.from({ length: Math.floor(most) + 1 }, (_, i) => i);

// Where a measurement's curves go through, as the charts take them.
function curves_of({ training, test, every, per_epoch, total }, name) {
  const places = (values, each) => values.map((y, i) => ({ x: Math.min((i + 1) * each, total) / total, y }));
  return { training: places(training[name], every), test: places(test[name], per_epoch) };
}

const shown_of = ({ training, test }) => (test.length ? test : training);

export function render({ model, el }) {
  const training = new Training(model, el);
  return () => training.end();
}

export default { render };
