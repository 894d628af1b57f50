// A question: the guess first, locked in, then the answer beside it. Without Python it works the same.
import { h, in_code, put, unique } from "../view/dom.js";
import { hosted } from "../view/host.js";
import { Refusal, count, number, number_in } from "../view/twin/words.js";
import "../view/wire.js";
import sheet from "./card.css" with { type: "css" };

const CLOSE = 0.1; // of the answer: a guess off by no more is close
const FAR = 1.95; // times: from there on a factor says more than "too large"

class Card {
  view = unique();
  serial = 0;
  waiting = null;
  guess = null;
  opened = false;
  answer = null;

  constructor(model, el) {
    this.model = model;
    this.asked = model.get("_asked");
    this.#build();
    this.ends = hosted(el, this.root, [sheet]).ends;
    this.heard = () => this.#hear(model.get("_said"));
    model.on("change:_said", this.heard);
    this.unfolded = (event) => this.#unfolded(event.target);
    document.addEventListener("toggle", this.unfolded, true);
    this.heard();
  }

  end() {
    this.model.off("change:_said", this.heard);
    document.removeEventListener("toggle", this.unfolded, true);
    for (const end of this.ends) end();
  }

  #build() {
    const { question, choices, unit } = this.asked;
    const button = (name, text, act) => h("button", { class: name, type: "button", onclick: act }, text);
    this.refusal = h("p", { class: "refusal" });
    this.lock = button("go", "lock in", () => this.#take());
    this.show = button("quiet", "show me", () => this.#become({ opened: true }));
    this.again = button("quiet", "ask again", () => this.#become({ guess: null, opened: false }));
    this.ask = choices ? this.#choices(choices, question) : this.#field(unit);
    const does = h("div", { class: "does" }, this.lock, this.show, this.again, this.refusal);
    this.beside = h("div", { class: "beside", role: "status", "aria-live": "polite", "aria-label": "answer", tabindex: "-1" });
    const left = h("div", {}, h("h3", {}, "Predict"), h("p", { class: "question" }, in_code(question)), this.ask, does);
    this.root = h("div", { class: "explorer", role: "group", "aria-label": "Predict" }, h("div", { class: "body predict" }, left, this.beside));
  }

  #choices(choices, question) {
    const name = unique();
    this.rows = choices.map((choice) => {
      const radio = h("input", { type: "radio", name, onchange: () => this.#refuse("") });
      const tag = h("span", { class: "tag" });
      return { choice, radio, tag, node: h("label", { class: "choice" }, radio, h("span", { class: "text" }, in_code(choice)), tag) };
    });
    return h("div", { class: "choices", role: "radiogroup", "aria-label": question.replaceAll("`", "") }, this.rows.map(({ node }) => node));
  }

  #field(unit) {
    this.field = h("input", {
      type: "text", class: "guess", inputmode: "decimal", "aria-label": `your guess, ${unit}`,
      onkeydown: (event) => event.key === "Enter" && this.#take(),
    });
    return h("label", { class: "number" }, this.field, h("span", {}, unit), h("span", { class: "note" }, this.#range()));
  }

  #range() {
    const { low, high } = this.asked, given = (value) => value !== null && value !== undefined;
    if (given(low)) return given(high) ? `${in_full(low)} to ${in_full(high)}` : `${in_full(low)} or more`;
    return given(high) ? `${in_full(high)} or less` : "";
  }

  // ---- guesses

  #take() {
    try {
      this.#become({ guess: this.rows ? this.#chosen() : this.#typed(), opened: this.answer !== null });
      this.beside.focus(); // the button that was pressed is no use any more
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      this.#refuse(refusal.message);
    }
  }

  #chosen() {
    const row = this.rows.find(({ radio }) => radio.checked);
    if (!row) throw new Refusal("Choose one first: a guess costs nothing.");
    return row.choice;
  }

  // Thousands may be set apart here, since numbers of thousands are asked for.
  #typed() {
    const { unit, low, high } = this.asked;
    const text = this.field.value.trim();
    const plain = (unit && text.endsWith(unit) ? text.slice(0, -unit.length) : text).trim();
    if (!plain) throw new Refusal("Write a number first: a rough guess will do.");
    const value = number_in(plain.replace(/(?<=\d)[,\s](?=\d{3}(?!\d))/g, ""));
    const within = (low ?? -Infinity) <= value && value <= (high ?? Infinity);
    if (!within) throw new Refusal(`Write a number that is ${this.#range()}.`);
    return value;
  }

  #become(changes) {
    Object.assign(this, changes);
    this.#refuse("");
    this.#draw();
    const { view, guess, opened } = this;
    this.waiting = ++this.serial;
    this.model.set("_told", { view, serial: this.serial, guess, opened });
    this.model.save_changes();
    this.#unfold();
  }

  // What Python says holds, but for a guess made here that it has not heard of.
  #hear({ to, view, guess, opened, sealed, refusal }) {
    const known = sealed ? JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(sealed), (letter) => letter.charCodeAt(0)))) : {};
    this.answer = known.answer ?? null;
    this.why = known.why ?? "";
    if (view === this.view && to === this.waiting) this.waiting = null;
    if (this.waiting === null || refusal) Object.assign(this, { guess, opened });
    else this.opened ||= this.guess !== null && this.answer !== null;
    this.#refuse(refusal);
    this.#draw();
    this.#unfold();
  }

  // ---- what a cell below has folded away

  get #folds() {
    return document.querySelectorAll(`details[data-question="${this.asked.id}"]`);
  }

  #unfold() {
    if (this.guess !== null || this.opened) for (const fold of this.#folds) fold.toggleAttribute("open", true);
  }

  #unfolded(fold) {
    const is_ours = fold.dataset?.question === this.asked.id && fold.open;
    if (is_ours && this.answer !== null && !this.opened) this.#become({ opened: true });
  }

  // ---- drawing

  #refuse(sentence) {
    put(this.refusal, sentence);
    this.refusal.setAttribute("role", sentence ? "alert" : "none");
    this.field?.setAttribute("aria-invalid", String(Boolean(sentence)));
  }

  #draw() {
    const { guess, opened, answer } = this, locked = guess !== null || opened;
    this.lock.disabled = locked;
    this.show.hidden = opened || answer === null;
    this.again.hidden = !locked;
    for (const row of this.rows ?? []) this.#draw_choice(row, locked);
    if (this.field) {
      this.field.disabled = locked;
      if (guess !== null) this.field.value = in_full(guess);
      else if (!locked && this.was_locked) this.field.value = "";
    }
    this.was_locked = locked;
    this.beside.className = opened ? "beside open" : "beside";
    this.beside.replaceChildren(...(opened ? this.#opened() : this.#waiting()));
  }

  #draw_choice({ choice, radio, tag, node }, locked) {
    const [mine, right] = [this.guess === choice, this.opened && this.answer === choice];
    radio.disabled = locked;
    if (locked) radio.checked = mine;
    else if (this.was_locked) radio.checked = false;
    node.classList.toggle("mine", mine);
    node.classList.toggle("right", right);
    node.classList.toggle("off", this.opened && !mine && !right);
    put(tag, [mine && "your guess", right && "answer"].filter(Boolean).join(", "));
  }

  #waiting() {
    const { guess, answer } = this, note = (text) => h("p", { class: "note" }, text);
    if (guess !== null) {
      const said = h("p", {}, h("b", {}, in_code(`Locked in: ${this.#said(guess)}.`)));
      return [said, note(this.#folds.length ? "What came out is open below." : "A cell below measures the answer, and it then opens here.")];
    }
    return [note(`${answer === null ? "A cell below measures it. " : ""}The answer opens here, beside your guess.`)];
  }

  #opened() {
    const { guess, answer, why, asked } = this;
    const said = asked.choices ? h("span", {}, in_code(answer)) : h("span", { class: "figure" }, in_full(answer));
    const unit = asked.choices ? null : h("small", {}, after_number(asked.unit));
    const bars = asked.choices || guess === null ? null : this.#bars();
    return [h("p", { class: "verdict" }, this.#verdict()), h("p", { class: "answer" }, said, unit), bars, why ? h("p", { class: "why" }, in_code(why)) : null].filter(Boolean);
  }

  // Guess and answer side by side, where both are lengths.
  #bars() {
    const { guess, answer } = this, most = Math.max(guess, answer);
    if (Math.min(guess, answer) < 0 || most <= 0) return null;
    const bar = (text, value, name) => [h("span", {}, text), h("i", { class: name, style: `width: ${(value / most) * 100}%` })];
    return h("div", { class: "bars", "aria-hidden": "true" }, bar("your guess", guess, "mine"), bar("answer", answer, ""));
  }

  #verdict() {
    const { guess, answer } = this;
    if (guess === null) return "";
    if (this.rows) return guess === answer ? "Right." : "Not this time.";
    if (guess === answer) return "Exactly.";
    if (Math.abs(guess - answer) <= CLOSE * Math.abs(answer)) return "Close.";
    const side = guess > answer ? "large" : "small";
    const factor = Math.max(guess, answer) / Math.min(guess, answer);
    const is_far = Math.min(guess, answer) > 0 && factor >= FAR;
    return is_far ? `${number(Number(factor.toPrecision(2)))} times too ${side}.` : `Too ${side}.`;
  }

  #said(value) {
    return this.rows ? value : (in_full(value) + after_number(this.asked.unit)).trim();
  }
}

const in_full = (value) => (Number.isInteger(value) ? count(value) : number(value));
const after_number = (unit) => (unit === "%" ? unit : ` ${unit}`);

export function render({ model, el }) {
  const card = new Card(model, el);
  return () => card.end();
}

export default { render };
