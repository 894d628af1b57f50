// Controls, native elements in one look. Each is {node, show}: `show()` puts the state in, and what it allows.
// `store` answers `settings`, `could(changes)` (why not, or "") and `ask(changes, run)`.
import { h, put, unique } from "../dom.js";
import { same } from "../store.js";

// Beside a control that has the name itself: it is read aloud once.
const title = (label) => h("span", { "aria-hidden": "true" }, label);

// options(): what is on offer, each [value, label, changes]: what choosing it asks for.
export function dropdown(store, name, label, options) {
  let offered = [];
  const node = h("select", { "aria-label": label, onchange: () => store.ask(offered[node.selectedIndex][2]) });
  return {
    node: h("div", { class: "row" }, title(label), node),
    show() {
      const before = JSON.stringify(offered);
      offered = options();
      if (before !== JSON.stringify(offered)) node.replaceChildren(...offered.map(([value, text]) => h("option", { value }, text)));
      node.selectedIndex = offered.findIndex(([, , changes]) => same(changes[name], store.settings[name]));
      for (const [i, option] of [...node.options].entries()) {
        const refusal = option.selected ? "" : store.could(offered[i][2]);
        Object.assign(option, { disabled: Boolean(refusal), title: refusal });
      }
    },
  };
}

// A slider over whole numbers. get(): what it shows; set(value): the changes that it asks for. least, most: its ends,
// narrowed to what is possible now. off(): whether another control decides; idle(): whether it would change nothing.
// text(value): what stands at its end. called(): its name now.
export function slider(store, label, { get, set, least, most, off = () => false, idle = () => false, text = (value) => String(value), called = () => label }) {
  const name = label;
  const node = h("input", {
    type: "range", step: "1", "aria-label": label,
    oninput: () => store.ask(set(Number(node.value)), name),
    onchange: () => store.rest(),
  });
  const output = h("output", { "aria-hidden": "true" }); // the slider itself says it
  const words = h("span", {}, label), row = h("label", { class: "row" }, words, node, output);
  return {
    node: row,
    show() {
      const value = get();
      const [min, max, refusal] = possible(store, set, value, least, most);
      Object.assign(node, { min, max, value, disabled: min === max || idle(), title: refusal });
      node.setAttribute("aria-valuetext", text(value));
      node.setAttribute("aria-label", called());
      put(words, called());
      node.style.setProperty("--filled", max > min ? `${((value - min) / (max - min)) * 100}%` : "0%");
      row.classList.toggle("off", off() || idle());
      put(output, text(value));
    },
  };
}

// How far a slider may go from its value, each way, and why no further.
function possible(store, set, value, least, most) {
  let [min, max, refusal] = [value, value, ""];
  while (min > least && !store.could(set(min - 1))) min--;
  while (max < most && !(refusal = store.could(set(max + 1)))) max++;
  return [min, max, max < most ? refusal : ""];
}

// Words side by side, one of them chosen: each the value itself, or [value, word]. second(value): a smaller line under
// each, "" for none.
/** @param {(value) => string} second */
export function segments(store, name, label, values, second = () => "") {
  const group = `${name}-${unique()}`;
  const parts = values.map((each) => {
    const [value, word] = Array.isArray(each) ? each : [each, each];
    const input = h("input", { type: "radio", name: group, value, "aria-label": word, onchange: () => store.ask({ [name]: value }) });
    const small = h("small");
    return { value, input, small, node: h("label", {}, input, word, small) };
  });
  const line = h("span", { class: "segments wide" }, parts.map((part) => part.node));
  return {
    node: h("div", { class: "row", role: "radiogroup", "aria-label": label }, title(label), line),
    show() {
      line.classList.toggle("one", parts.every((part) => !second(part.value)));
      for (const { value, input, small, node } of parts) {
        const checked = store.settings[name] === value;
        const refusal = checked ? "" : store.could({ [name]: value });
        Object.assign(input, { checked, disabled: Boolean(refusal) });
        node.title = refusal;
        small.hidden = !second(value);
        put(small, second(value));
        input.setAttribute("aria-description", second(value).replace("→", "gives"));
      }
    },
  };
}

// Words in the title row of a picture, one of them chosen: what of it is on show. words(): each [value, text].
export function picker(label, words, get, set) {
  const line = h("span", { class: "segments one" }), group = unique();
  let offered = "";
  const part = ([value, text]) => h("label", {}, h("input", { type: "radio", name: group, value, "aria-label": text, onchange: () => set(value) }), text);
  const node = h("span", { class: "picker", role: "radiogroup", "aria-label": label }, line);
  return {
    node,
    show() {
      const now = words();
      if (offered !== (offered = now.join())) line.replaceChildren(...now.map(part));
      node.hidden = now.length < 2;
      node.classList.toggle("tight", now.flat().join("").length > 22);
      line.childNodes.forEach(({ firstChild }, i) => (firstChild.checked = now[i][0] === get()));
    },
  };
}

// why_not(): what refuses the other state, "" for nothing.
export function checkbox(label, get, set, why_not = () => "") {
  const node = h("input", { type: "checkbox", onchange: () => set(node.checked) });
  const show = () => Object.assign(node, { checked: get(), title: why_not(), disabled: Boolean(why_not()) });
  return { node: h("label", { class: "check" }, node, label), show };
}

export function player(sweep) {
  const sign = title(""), word = h("span"), go = h("button", { class: "go", type: "button", onclick: () => sweep.toggle() }, sign, " ", word);
  const step = (by, arrow, label) => h("button", { type: "button", "aria-label": label, onclick: () => sweep.step(by) }, arrow);
  return {
    node: h("div", { class: "buttons play" }, step(-1, "‹", "one step back"), go, step(1, "›", "one step on")),
    show() {
      put(sign, sweep.is_playing ? "❚❚" : "▶");
      put(word, sweep.is_playing ? "pause" : "play");
    },
  };
}

export function undo_buttons(store) {
  const [undo, redo, reset] = ["undo", "redo", "reset"].map((name) => h("button", { type: "button", onclick: () => store[name]() }, name));
  return {
    node: h("div", { class: "buttons history" }, undo, redo, reset),
    show() {
      undo.disabled = !store.can_undo;
      redo.disabled = !store.can_redo;
      reset.disabled = !store.can_reset;
    },
  };
}
