// A view whose window slides over a picture, the input, and makes another, the output: one output is marked, and what
// it reads; a cell of the input tells which outputs read it.
import { MarkedView } from "../marked_view.js";
import { beam_below, framed, looked_back, patches, tinted, veiled } from "../draw/marks.js";
import { pointable } from "../motion.js";
import { Picture } from "../draw/picture.js";
import { pair } from "../controls/settings.js";
import { is_colour } from "../twin/colours.js";
import { size } from "../twin/words.js";
import { output_shape, readers } from "./windows.js";

// A subclass has, besides what a MarkedView has: `window_of(settings)`, the window; and what it derives has all of
// `slide(image, window)` in it, and `output`, [plane].
export class WindowView extends MarkedView {
  back = null;
  terms = null;

  build() {
    super.build();
    this.one_scale = Boolean(this.options.one_scale);
    this.input = new Picture("input", "picture");
    this.output = new Picture("output", "picture");
    this.shell.pictures.append(this.input.node, this.output.node);
    this.#listen();
  }

  /** @type {(settings) => any} */
  window_of;

  // Rows and columns of the output that settings would give; throws a Refusal.
  output_shape(settings) {
    return output_shape(this.pictures.get(settings.image), this.window_of(settings));
  }

  settled(before) {
    super.settled(before);
    this.back = null;
  }

  // Whether padding is zeros, or no pixels at all.
  get pads_zeros() {
    return true;
  }

  // ---- drawing

  // Input and output, by their planes. room: the most padding a side that there can be; it keeps the frame's height.
  show_pictures(wide, input_scale, output, output_scale, room) {
    const { palette } = this, { image: [{ rows, columns }], padding } = this.made;
    const in_colour = is_colour(wide);
    const flatness = Math.min(1, (rows + 2 * room) / (columns + 2 * room));
    this.shell.root.style.setProperty("--tall", in_colour || wide.length === 1 ? flatness : 1);
    const inner = { top: padding[0][0], left: padding[1][0], rows, columns };
    const show_input = (largest) => this.input.show(in_colour ? [wide] : wide.map((channel) => [channel]), { scale: input_scale, inner, zeros: this.pads_zeros, largest, palette });
    const show_output = (largest) => this.output.show([[output]], { scale: output_scale, largest, palette });
    show_input(Infinity);
    show_output(this.one_scale ? this.input.cell : Infinity);
    if (this.one_scale && this.output.cell < this.input.cell) show_input(this.output.cell); // the output is the larger one
    this.input.describe(size([rows, columns]), "Arrow keys move the window.");
    this.output.describe(size([output.rows, output.columns]), "Arrow keys move the marked cell.");
  }

  // beams: the cards that magnify the window and the output, null for none; under: what lies below the frames.
  draw_marks({ beams: [window_card, output_card], under = [], over = [] }) {
    const { made, palette, input, output, back, shell: { stage } } = this, [row, column] = this.here;
    const [down, across] = [made.rows[row], made.columns[column]].map((window) => window.filter((at) => at >= 0));
    const window = { row: down[0], column: across[0], rows: down.at(-1) - down[0] + 1, columns: across.at(-1) - across[0] + 1 };
    const reads = down.length && across.length; // or no pixel reaches the output
    const frames = reads ? input.tiles.map((_, tile) => input.box(stage, { tile, ...window })) : [];
    const place = output.box(stage, { row, column }), hot = this.terms[this.hot];
    const parts = [
      ...beam_below(stage, input, frames.at(-1), reads ? window_card : null, palette), ...beam_below(stage, output, place, output_card, palette),
      ...this.#veils({ row, column }), ...this.#dilated(down, across), ...under,
      ...patches((back?.outputs ?? []).map(([r, c]) => output.box(stage, { row: r, column: c })), palette),
      ...[...frames, place].flatMap((box) => framed(box, palette)),
    ];
    if (back) parts.push(...looked_back(input.box(stage, back.pixel), palette));
    if (hot?.row >= 0 && hot.column >= 0) parts.push(...framed(input.box(stage, { tile: input.tiles.length > 1 ? hot.slice : 0, row: hot.row, column: hot.column }), palette));
    this.shell.marks.replaceChildren(...parts, ...over);
  }

  #veils({ row, column }) {
    const { made, input, output, palette, shell: { stage } } = this, [{ rows: high, columns: broad }] = made.wide;
    const unread = [...made.unread.rows.map((r) => ({ row: r, column: 0, columns: broad })), ...made.unread.columns.map((c) => ({ row: 0, column: c, rows: high }))];
    const parts = veiled(unread.flatMap((line) => input.tiles.map((_, tile) => input.box(stage, { tile, ...line }))), palette, 0.55);
    if (!this.sweep.is_playing) return parts;
    const [{ rows, columns }] = made.output, rest = [];
    if (column + 1 < columns) rest.push({ row, column: column + 1, columns: columns - column - 1 });
    if (row + 1 < rows) rest.push({ row: row + 1, column: 0, rows: rows - row - 1, columns });
    return [...parts, ...veiled(rest.map((box) => output.box(stage, box)), palette, 0.94)];
  }

  #dilated(down, across) {
    const { made, input, palette, shell: { stage } } = this;
    if (Math.max(...pair(this.window_of(made.settings).dilation)) === 1) return [];
    const cells = down.flatMap((r) => across.map((c) => ({ row: r, column: c })));
    return tinted(input.tiles.flatMap((_, tile) => cells.map((cell) => input.box(stage, { tile, ...cell }))), palette);
  }

  // ---- what a person does

  #listen() {
    this.marks(this.output);
    pointable(this.input, {
      hover: (cell) => this.look({ back: readers(this.made, cell) }),
      pin: ({ row, column }) => this.pin(this.nearest([row - this.made.padding[0][0], column - this.made.padding[1][0]]), true),
      leave: () => this.look({ back: null }),
      ...this.keys,
    });
  }
}
