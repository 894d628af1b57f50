// The controls of an explorer, which are ipywidgets' own, made fit for keys and screen readers.

const SLIDER_PARTS = ".noUi-handle, .ui-slider-handle, .widget-readout"; // of ipywidgets 8, of 7, of both

// What ipywidgets leaves out: a name for the handle and the number of a slider, and keys that stay with their control.
function tendControls(explorer) {
  for (const part of explorer?.querySelectorAll(`${SLIDER_PARTS}, select, button, input`) ?? []) {
    part.dataset.lmSuppressShortcuts ??= "true";
  }
  for (const part of explorer?.querySelectorAll(SLIDER_PARTS) ?? []) {
    const name = part.closest(".widget-slider, .widget-hslider")?.querySelector(".widget-label")?.textContent;
    if (name && part.getAttribute("aria-label") !== name) part.setAttribute("aria-label", name);
    if (part.matches(".widget-readout")) part.setAttribute("role", "textbox");
  }
}
