// Where the gradient of one output goes: share × gradient = sent back, of which the gradient can be changed.
import { Card, operator } from "../view/draw/cards.js";
import { put } from "../view/dom.js";
import { Editor } from "../view/draw/editor.js";

const NOTES = { max: "to the winner", average: "equal", striding: "to the first" };

export class SentBack {
  share = new Card("share");
  gradient = new Card("gradient", "blue");
  sent = new Card("sent back");

  constructor(view) {
    this.nodes = [operator("→"), this.share.node, operator("×", "", "equals"), this.gradient.node, operator("="), this.sent.node];
    this.editor = new Editor(this.gradient, {
      get: () => view.made?.grad_y[0].data[view.at] ?? 1, set: (_, value, run) => view.store.ask({ grad_y: with_number(view, value) }, run),
      refuse: (sentence) => view.refuse(sentence), name: () => `gradient of output (${view.here.join(", ")})`,
    });
  }

  paint(rows, columns) {
    for (const card of [this.share, this.sent]) card.shape(rows, columns);
    this.gradient.shape(1, 1);
  }

  draw({ made: { settings: { kind }, signed, grad_y: [grad_y] }, terms, at, palette: { theme }, fill, hint }) {
    const pixels = terms.filter((term) => !term.is_padding).length, value = grad_y.data[at];
    const shares = terms.map((term) => (term.is_padding ? 0 : kind === "average" ? 1 / pixels : Number(term.wins)));
    fill(this.share, shares, ["signed", -1, 1]);
    fill(this.sent, shares.map((each) => each * value), signed);
    this.gradient.fill([value], signed, { room: this.gradient.cell_size, size: 27, theme });
    this.editor.label();
    put(this.share.note, NOTES[kind]);
    put(this.gradient.note, hint);
    put(this.sent.note, "adds up");
  }
}

// The gradient as lists, with another number for the marked output.
function with_number({ made: { grad_y: [{ rows, columns, data }] }, at }, value) {
  const all = Array.from(data).with(at, value);
  return Array.from({ length: rows }, (_, r) => all.slice(r * columns, (r + 1) * columns));
}
