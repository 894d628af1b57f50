// Elements, in one call each.

const SVG = "http://www.w3.org/2000/svg";

// h("button", {class: "go", onclick: toggle}, "play"): attributes, listeners and children, null ones left out.
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (typeof value === "boolean") node.toggleAttribute(name, value);
    else if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// Text is written only where it is new, so that nothing is laid out, or read aloud, for no change.
export function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// Text in which what stands between backticks is code.
export function in_code(text) {
  return text.split("`").map((part, i) => (i % 2 ? h("code", {}, part) : part));
}

// Where an element is, in pixels of another one.
export function box_in(node, within) {
  const [here, outer] = [node.getBoundingClientRect(), within.getBoundingClientRect()];
  return { x: here.left - outer.left, y: here.top - outer.top, width: here.width, height: here.height };
}

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// A name that no other view on the page, or of the explorer, has. (randomUUID wants https; a hub may have none.)
export const unique = () => Array.from(crypto.getRandomValues(new Uint32Array(2)), (part) => part.toString(36)).join("");

// Ctrl+Z or Ctrl+Y, or those with ⌘ or Shift: which way they travel among what was done; "" for other keys.
export function travels({ ctrlKey, metaKey, shiftKey, key }) {
  if (!(ctrlKey || metaKey) || !/^[zy]$/i.test(key)) return "";
  return shiftKey || /y/i.test(key) ? "redo" : "undo";
}
