// What every explorer stands in: a stage of pictures, a sentence and two lines of words; a rail of controls and the
// rule; more, folded; a line of status.
import { h, put, svg } from "./dom.js";
import { hosted } from "./host.js";
import { tools } from "./tools.js";

const HEARD_AFTER = 600; // milliseconds of rest after which a change is read aloud

export class Shell {
  width = 0; // of the stage, as it was last laid out: to ask the stage itself makes the browser lay out all that has changed

  constructor(el, { label, styles = [] }) {
    this.pictures = h("div", { class: "pictures" });
    this.sentence = h("section", { class: "sentence" });
    this.written = h("p", { class: "written" });
    this.readout = h("p", { class: "readout" });
    this.marks = svg("svg", { class: "marks", "aria-hidden": "true" });
    this.controls = h("div", { class: "controls" });
    this.rule = h("section", { class: "rule" });
    this.inside = h("div", { class: "inside" });
    this.more = h("details", { class: "more" }, h("summary", {}, "more"), this.inside);
    this.code = h("pre", { class: "code" });
    this.label = label;
    this.status = h("p", { class: "status", hidden: true });
    this.heard = h("p", { class: "heard", role: "status", "aria-live": "polite" });
    const words = h("div", { class: "words" }, this.written, this.readout);
    this.stage = h("div", { class: "stage" }, this.pictures, this.sentence, words, this.marks);
    const foot = h("div", { class: "foot" }, tools(this), this.more);
    const rail = h("div", { class: "rail" }, this.controls, this.rule);
    const body = h("div", { class: "body" }, this.stage, rail, foot, this.status, this.heard);
    // inert until its view has drawn once: till then nothing has a name, and controls do not show what they set
    this.root = h("div", { class: "explorer", role: "group", "aria-label": label, inert: true }, body);
    const { host, ends } = hosted(el, this.root, styles);
    this.host = host;
    this.ends = ends;
  }

  // Call when the room changes, and at first when there is any: while detached, a view has none.
  on_room(listener) {
    const observer = new ResizeObserver(() => {
      this.width = this.stage.clientWidth;
      if (this.width) listener();
    });
    observer.observe(this.stage);
    this.ends.push(() => observer.disconnect());
    this.root.addEventListener("theme", listener);
  }

  end() {
    clearTimeout(this.hearing);
    for (const end of this.ends) end();
  }

  write(...children) {
    this.written.replaceChildren(...children);
  }

  // The second line, unless a refusal stands there.
  tell(...children) {
    if (!this.refused) this.readout.replaceChildren(...children);
  }

  // Why not, in red; "" takes it back.
  refuse(sentence) {
    this.refused = sentence;
    this.readout.classList.toggle("refused", Boolean(sentence));
    this.readout.setAttribute("role", sentence ? "alert" : "none");
    put(this.readout, sentence);
  }

  // One quiet line about Python: "" for none. kind: "busy" or "gone".
  report(sentence, kind = "") {
    this.status.hidden = !sentence;
    this.status.className = `status ${kind}`;
    put(this.status, sentence);
  }

  // What is on show is read aloud once, when the hand rests.
  hear() {
    clearTimeout(this.hearing);
    const words = () => [this.written, this.readout].map(({ textContent }) => textContent.replace(/[^.…]$/, "$&.")).join(" ");
    this.hearing = setTimeout(() => put(this.heard, words()), HEARD_AFTER);
  }
}
