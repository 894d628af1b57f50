// The whole maps that max, average and striding make, as parts of the sentence: the chosen one has the blue ring.
import { put } from "../view/dom.js";
import { framed } from "../view/draw/marks.js";
import { Picture } from "../view/draw/picture.js";
import { short, size } from "../view/twin/words.js";
import { KINDS } from "./state.js";

export class Maps {
  constructor(view) {
    this.view = view;
    this.all = KINDS.map((kind) => ({ kind, map: this.#map(kind) }));
  }

  #map(kind) {
    const { view } = this, map = new Picture(kind, "picture");
    map.node.classList.add("card", "map");
    map.canvas.tabIndex = -1; // the segments of *keep* do the same
    view.marks(map);
    map.canvas.addEventListener("click", () => view.store.ask({ kind }));
    return map;
  }

  get nodes() {
    return this.all.map(({ map }) => map.node);
  }

  paint({ made, palette }) {
    for (const { kind, map } of this.all) {
      map.show([made[kind]], { scale: made.greys, palette });
      map.node.classList.toggle("chosen", kind === made.settings.kind);
      map.canvas.setAttribute("aria-label", `${kind}, ${size([made[kind][0].rows, made[kind][0].columns])}`);
    }
  }

  // The marked number of each; gives the frames round it.
  draw({ made, at, here: [row, column], palette, shell: { stage } }) {
    for (const { kind, map } of this.all) put(map.note, short(made[kind][0].data[at]));
    return this.all.flatMap(({ map }) => framed(map.box(stage, { row, column }), palette));
  }
}
