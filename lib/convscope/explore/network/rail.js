// The tools under the paper: what the pointer does, the examples that there are, how they are turned, moved and spoilt.
import { checkbox, dropdown, segments, slider } from "../view/controls/controls.js";
import { h, put } from "../view/dom.js";
import { pixels } from "../view/draw/colours.js";
import { same } from "../view/store.js";
import { count } from "../view/twin/words.js";
import { arrange } from "../view/controls/rail.js";
import { OWN } from "../view/controls/settings.js";
import { forward } from "./net/net.js";
import { A, TOOLS, is_blank, paper } from "./pad.js";
import { AS_IT_IS } from "./state.js";
import { FOOLED } from "./words.js";

export function rail(view) {
  const named = {
    tool: [tools_of(view)],
    image: [picks(view)],
    turn: [stepped(view, "turn", 15, [-180, 180], "°")],
    noise: [stepped(view, "noise", 5, [0, 60], "%")],
    fool: [fooling(view)],
    drawings: [keeping(view)],
  };
  const folded = [
    ["ReLU", checkbox("convolutions after their activation", () => view.after, (after) => {
      view.after = after;
      view.settled();
      view.repaint();
    })],
    ["centring", checkbox("centre and scale what I draw, as MNIST was", () => view.centres, (centres) => (view.centres = centres))],
  ];
  return arrange(view, named, folded);
}

// A slider in steps of so many.
function stepped({ store }, name, step, [least, most], unit) {
  const get = () => Math.round(store.settings[name] / step), set = (steps) => ({ [name]: steps * step });
  return slider(store, name, { get, set, least: least / step, most: most / step, text: () => `${count(store.settings[name])}${unit}` });
}

function tools_of(view) {
  const made = segments({ settings: view.pad, could: () => "", ask: ({ tool }) => view.pad.use(tool) }, "tool", "what the pointer does", TOOLS);
  made.node.classList.add("bare");
  return made;
}

// Clean paper, or one of the examples; one's own last drawing stays on offer.
function picks(view) {
  const { store, examples } = view;
  const button = (text, label, act) => h("button", { type: "button", "aria-label": label, onclick: act }, text);
  const step = (by) => {
    const at = examples.indexOf(store.settings.image);
    view.take(examples[at < 0 ? 0 : (at + by + examples.length) % examples.length]);
  };
  const called = (image, i) => (i in view.said && view.said[i] !== view.label_of(image) ? `, called ${view.classes[view.said[i]]}` : "");
  const named = () => examples.map((image, i) => [image, `${view.classes[view.label_of(image)]} (${i})${called(image, i)}`, { image, ...AS_IT_IS }]);
  const made = dropdown(store, "image", "example", () => {
    if (!examples.includes(store.settings.image)) view.own_image = store.settings.image;
    return view.own_image ? [...named(), ["own", OWN, { image: view.own_image, ...AS_IT_IS }]] : named();
  });
  made.node.classList.add("picks");
  made.node.firstChild.replaceWith(h("button", { type: "button", class: "go", onclick: () => view.clear() }, "clear"), button("‹", "the example before", () => step(-1)));
  made.node.append(button("›", "the next example", () => step(1)));
  return made;
}

// What spoils an answer: each begins with the drawing as it is, in place of what another did, and is taken back when
// pressed again.
function fooling(view) {
  const { store, pictures } = view, is_letter = () => pictures.get(store.settings.image).label === A;
  let drawing = store.settings.image; // without the letter
  const as_it_is = () => {
    if (!is_letter()) drawing = store.settings.image;
    return { image: pictures.has(drawing) ? drawing : store.start.image, ...AS_IT_IS };
  };
  const toggle = (name, word, value = null) => {
    const is_on = () => (name === "letter" ? is_letter() : same(store.settings[name], value));
    const change = () => {
      const plain = as_it_is(), was = view.answer_in_words(forward(view.made.network, pictures.get(plain.image)));
      const note = is_on() ? "" : `It was ${was}. ${FOOLED[name]}`;
      if (is_on()) store.ask(plain);
      else if (name === "letter") view.pad.write_letter();
      else store.ask({ ...plain, [name]: value });
      view.look({ note });
    };
    const node = h("button", { type: "button", onclick: change }, word);
    return { node, show: () => node.setAttribute("aria-pressed", is_on()) };
  };
  const all = [toggle("move", "move by 6 px", [0, 6]), toggle("turn", "rotate 45°", 45), toggle("inverted", "invert", true), toggle("letter", "letter A")];
  const heading = h("h3", {}, "fool it", h("span", { class: "note" }, " and see how sure it stays"));
  const node = h("div", { class: "fool", role: "group", "aria-label": "fool it" }, heading, all.map((each) => each.node));
  return { node, show: () => all.forEach((each) => each.show()) };
}

// Drawings of one's own, kept as examples of a class; the one on show is kept or forgotten. What it is, is what was chosen
// for it, or what it was drawn on.
function keeping(view) {
  const { store, classes } = view, select = h("select", { "aria-label": "what it is" }, ["?", ...classes].map((name) => h("option", {}, name)));
  const button = h("button", { type: "button", onclick: () => act() }), row = h("span", { class: "kept" });
  const kept = () => store.settings.drawings, text = () => as_text(view.pictures.get(store.settings.image)), at = () => kept().findIndex(([, each]) => each === text());
  const act = () => {
    const place = at(), label = select.selectedIndex - 1;
    if (place >= 0) return store.ask({ drawings: kept().toSpliced(place, 1) });
    if (label >= 0) return store.ask({ drawings: [...kept(), [label, text()]] });
    view.look({ note: "What did you draw? Choose that first.", hover: null });
    select.focus();
  };
  select.addEventListener("change", () => {
    view.pictures.get(store.settings.image).label = select.selectedIndex ? select.selectedIndex - 1 : null;
    view.note = "";
    view.repaint();
  });
  let [shown, theme] = [[], ""];
  const show = () => {
    const { image } = store.settings, planes = view.pictures.get(image), is_given = view.examples.includes(image), place = is_given ? -1 : at();
    const label = place < 0 ? view.label_of(image) : kept()[place][0];
    select.selectedIndex = typeof label === "number" ? label + 1 : 0;
    put(button, place < 0 ? "keep" : "forget");
    button.disabled = is_given || is_blank(planes);
    select.disabled = button.disabled || place >= 0;
    if (same(shown, kept()) && theme === view.palette.theme) return;
    [shown, theme] = [kept(), view.palette.theme];
    row.replaceChildren(...shown.map((drawing) => thumbnail(view, ...drawing)));
  };
  return { node: h("div", { class: "row keeping" }, h("span", {}, "this is a"), select, button, row), show };
}

function thumbnail(view, label, text) {
  const [{ rows, columns }] = view.made.seen, planes = from_text(text, view.made.seen), canvas = h("canvas", { width: columns, height: rows });
  canvas.getContext("2d").putImageData(pixels(planes.slice(0, 1), ["ink", 0, 1], view.palette.theme), 0, 0);
  const name = view.classes[label], take = () => view.draw_on(Object.assign(planes, { label }), null, AS_IT_IS);
  return h("button", { type: "button", "aria-label": `your ${name}`, title: `your ${name}`, onclick: take }, canvas, name);
}

// Pixels in 255ths, as base64, as settings have them.
const as_text = (planes) => btoa(planes.map(({ data }) => String.fromCharCode(...data.map((value) => Math.round(255 * value)))).join(""));

function from_text(text, like) {
  const letters = atob(text);
  const pixel = (i) => letters.charCodeAt(i) / 255;
  return paper(like).map((each, c) => ({ ...each, data: Float32Array.from(each.data, (_, i) => pixel(c * each.data.length + i)) }));
}
