// A view in the page that holds it: apart from the page's rules and keys, and light or dark as the page is.
import { h, travels } from "./dom.js";
import { show_palette } from "./draw/colours.js";
import kit from "./kit.css" with { type: "css" };

// Puts `root` into `el`, in a shadow root, so that no page's rules and ours collide. Gives the host, and what to do in the
// end.
export function hosted(el, root, styles) {
  const host = h("div"), ends = [() => host.remove()];
  host.attachShadow({ mode: "open" }).adoptedStyleSheets = [kit, ...styles];
  host.shadowRoot.append(root);
  el.append(host);
  follow_theme(root, ends);
  keep_keys(host, ends);
  return { host, ends };
}

// The page's theme, now and whenever it changes: JupyterLab's, VS Code's, Colab's, a site's, or the system's.
function follow_theme(root, ends) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    const dark = is_dark(system);
    root.classList.toggle("dark", dark);
    show_palette(root, dark ? "dark" : "light");
    root.dispatchEvent(new Event("theme"));
  };
  const observer = new MutationObserver(show);
  const attributeFilter = ["class", "data-jp-theme-light", "data-theme", "theme"];
  for (const node of [document.documentElement, document.body]) observer.observe(node, { attributes: true, attributeFilter });
  system.addEventListener("change", show);
  ends.push(() => observer.disconnect(), () => system.removeEventListener("change", show));
  show();
}

function is_dark(system) {
  const { body, documentElement: page } = document;
  const said = [body.dataset.jpThemeLight === "false" && "dark", body.dataset.jpThemeLight === "true" && "light"];
  said.push(body.className.match(/vscode-(dark|light)/)?.[1], page.dataset.theme, body.dataset.theme, page.getAttribute("theme"));
  const theme = said.find((each) => each === "dark" || each === "light");
  return theme ? theme === "dark" : system.matches;
}

// Keys that are pressed in a view are not for JupyterLab; but others with Ctrl or ⌘ are, since Ctrl+S saves.
function keep_keys(host, ends) {
  const look = (event) => host.toggleAttribute("data-lm-suppress-shortcuts", !(event.ctrlKey || event.metaKey) || travels(event) !== "");
  window.addEventListener("keydown", look, true); // before JupyterLab, which listens on the document
  ends.push(() => window.removeEventListener("keydown", look, true));
}
