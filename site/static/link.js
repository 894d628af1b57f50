// A link to an explorer as it stands: #convolution?kernel_size=5&padding=valid. What differs from how the explorer
// begins stands in it, words as they are and all else as JSON. It comes from anybody: keys are looked up among the
// explorer's settings, values are refused by the explorer itself, and both are only ever shown as text.
import { names_of, sleep, state_of, wake } from "./wake.js";

const REST = 200; // milliseconds without a change after which the link is written
const SAID = 1500; // milliseconds that the button says what it has done

export function follow_link() {
  const sections = [...document.querySelectorAll(".alone")], told = document.querySelector("#told");
  let resting;

  async function show() {
    const [name, query] = location.hash.slice(1).split("?");
    const section = sections.find(({ id }) => id === name) ?? sections[0], figure = section.querySelector(".live");
    for (const each of sections) {
      each.hidden = each !== section;
      if (each.hidden) sleep(each.querySelector(".live"));
    }
    for (const tab of document.querySelectorAll(".tabs a")) tab.ariaCurrent = tab.hash === `#${section.id}` ? "true" : null;
    const { settings, unknown } = read(query, state_of(figure)._said.settings);
    told.textContent = unknown.length ? `This explorer has no setting ${unknown.join(", ")}.` : "";
    await wake(figure, settings);
  }

  addEventListener("settings", ({ target, detail }) => {
    clearTimeout(resting);
    const section = target.closest(".alone"), figure = section.querySelector(".live");
    resting = setTimeout(() => history.replaceState(null, "", link(section.id, detail, state_of(figure)._said.settings, names_of(figure))), REST);
  });
  addEventListener("hashchange", show);
  document.querySelector("#copy").addEventListener("click", async ({ target }) => {
    const name = target.textContent;
    try {
      await navigator.clipboard.writeText(location.href);
      target.textContent = "copied";
      setTimeout(() => (target.textContent = name), SAID);
    } catch {
      told.textContent = "Copy it from the address bar: this browser does not let a page do it.";
    }
  });
  show().catch((error) => console.error(error));
}

export function link(name, settings, start, pictures) {
  const is_own_picture = (key, value) => key === "image" && typeof value === "string" && !pictures.includes(value); // which stays here
  const differs = Object.entries(settings).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(start[key]) && !is_own_picture(key, value));
  const query = new URLSearchParams(differs.map(([key, value]) => [key, written(value)]));
  return `#${name}${differs.length ? `?${query}` : ""}`;
}

export function read(query, start) {
  const asked = [...new URLSearchParams(query ?? "")], is_known = ([key]) => Object.hasOwn(start, key);
  const settings = Object.fromEntries(asked.filter(is_known).map(([key, text]) => [key, meant(text)]));
  return { settings, unknown: asked.filter((each) => !is_known(each)).map(([key]) => key) };
}

const written = (value) => (typeof value === "string" && meant(value) === value ? value : JSON.stringify(value));

function meant(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
