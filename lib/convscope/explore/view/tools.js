// What a frame offers besides: the whole screen, the call that makes the explorer as it stands, and its picture.
import { h, put } from "./dom.js";

const SAID = 1500; // milliseconds that a button says what it has done
const SHARP = 2; // pixels of a saved picture for each that is seen

// shell: whose they are. Gives a row of quiet buttons.
export function tools(shell) {
  const button = (name, act) => h("button", { type: "button", onclick: (event) => act(event.target) }, name);
  return h("div", { class: "tools" }, button("full screen", () => fill_screen(shell)), button("copy code", (node) => copy(shell, node)), button("save picture", () => save(shell)));
}

async function fill_screen(shell) {
  const { root } = shell;
  try {
    await (root.matches(":fullscreen") ? document.exitFullscreen() : root.requestFullscreen());
  } catch {
    shell.refuse("This page does not let an explorer have the whole screen.");
  }
}

// Where the clipboard is not to be had, the code is shown, selected.
async function copy({ code, more }, node) {
  const name = node.textContent;
  try {
    await navigator.clipboard.writeText(code.textContent);
    put(node, "copied");
    setTimeout(() => put(node, name), SAID);
  } catch {
    more.open = true;
    getSelection().selectAllChildren(code);
  }
}

// The stage as it is seen: a copy of the explorer, its canvases painted on, drawn by the browser itself.
async function save({ root, stage, host, label }) {
  const [{ width, height }, { width: all }] = [stage, root].map((node) => node.getBoundingClientRect()), copied = root.cloneNode(true);
  const drawn = [...root.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL());
  copied.querySelectorAll("canvas").forEach((canvas, i) => (canvas.style.background = `url(${drawn[i]}) 0 0 / 100% 100%`));
  copied.style.width = `${all}px`;
  copied.prepend(h("style", {}, host.shadowRoot.adoptedStyleSheets.flatMap(({ cssRules }) => [...cssRules].map((each) => each.cssText))));
  const text = new XMLSerializer().serializeToString(copied), size = `width="${width + 12}" height="${height + 8}"`;
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" ${size}><foreignObject width="100%" height="100%">${text}</foreignObject></svg>`)}`;
  await image.decode();
  const canvas = h("canvas", { width: Math.ceil(SHARP * image.width), height: Math.ceil(SHARP * image.height) });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  h("a", { href: canvas.toDataURL(), download: `${label}.png` }).click();
}
