// The settings of an Inception module: the twin of state.py. They are as Python has them: {module, input_shape, one,
// reduce_three, three, reduce_five, five, pool, naive}; the widths say which module it is.
import LIMITS from "./settings.json" with { type: "json" };
import { OWN, check, check_word } from "../view/controls/settings.js";
import { refusal } from "../view/twin/words.js";
import { same } from "../view/store.js";

export { LIMITS };
export const WIDTHS = Object.keys(LIMITS.whole);

// The next settings, or a Refusal. options: {modules}, widths by name. The module comes first, then what is changed of it.
export function changed(settings, changes, { options: { modules } }) {
  const { module, ...others } = changes, next = { ...settings };
  if (![undefined, OWN, settings.module].includes(module)) Object.assign(next, known(module, modules));
  Object.assign(next, others);
  check_all(next);
  next.module = Object.keys(modules).find((name) => are(modules[name], next)) ?? OWN;
  return next;
}

// What a module is made of, without its name.
export const made_of = (settings) => Object.fromEntries(["input_shape", ...WIDTHS].map((name) => [name, settings[name]]));

function known(module, modules) {
  check_word("module", module, Object.keys(modules));
  return modules[module];
}

const are = (widths, settings) => WIDTHS.every((name) => widths[name] === settings[name]) && same(widths.input_shape, settings.input_shape);

function check_all(next) {
  const sizes = Object.keys(LIMITS.input_shape).map((name, axis) => [name, next.input_shape[axis]]);
  check({ ...next, ...Object.fromEntries(sizes) }, { ...LIMITS, whole: { ...LIMITS.whole, ...LIMITS.input_shape } });
  if (!(next.one || next.three || next.five)) throw refusal("no module", {});
}
