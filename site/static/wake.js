// From a still picture to an explorer, by the state that lies beside it.
import { mount, revived } from "./explorers/kit.js";
import kinds from "./explorers/kinds.js";

const fetched = new Map(); // pictures on their way, by file
const ends = new WeakMap(); // how to take away what is alive in a figure

export const state_of = (figure) => revived(figure.querySelector("script").textContent);
const named = (figure) => Object.entries(kinds[figure.dataset.view].pictures);

// The names of the pictures that everybody has who opens the page.
export const names_of = (figure) => [...named(figure).map(([name]) => name), ...Object.keys(state_of(figure)._pictures ?? {})];

// Bring a figure to life, again if it is alive already. settings: in place of its own; impossible ones are refused, in
// a sentence, by the explorer itself.
export async function wake(figure, settings = {}) {
  const state = state_of(figure), names = named(figure);
  const [{ render }, ...pictures] = await Promise.all([
    import(`./explorers/${kinds[figure.dataset.view].module}`), ...names.map(([, described]) => picture(described)),
  ]);
  state._pictures ??= Object.fromEntries(names.map(([name], i) => [name, pictures[i]]));
  Object.assign(state._said.settings ?? {}, settings);
  sleep(figure);
  figure.classList.add("awake");
  ends.set(figure, mount(render, figure, state));
}

// Take away what is alive in a figure: its still picture is there again.
export function sleep(figure) {
  ends.get(figure)?.();
  ends.delete(figure);
  figure.classList.remove("awake");
}

function picture({ file, shape }) {
  if (!fetched.has(file)) fetched.set(file, loaded(file, shape));
  return fetched.get(file);
}

async function loaded(file, shape) {
  const answer = await fetch(new URL(`pictures/${file}`, import.meta.url));
  if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
  return { shape, data: new DataView(await answer.arrayBuffer()) };
}
