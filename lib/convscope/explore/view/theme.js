// Light or dark, as the host has it.
import { show_palette } from "./draw/colours.js";

// The host's theme, now and whenever it changes: JupyterLab's, VS Code's, Colab's, a site's, or the system's.
export function follow_theme(root, ends) {
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
