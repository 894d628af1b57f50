// A question, its guess and its answer. Python says all that is on show; a person's guess is a request.

class PredictView {
  constructor(model, el) {
    this.model = model;
    this.root = element("div", "convscope-view convscope-predict", el);
    this.form = element("form", "", this.root);
    this.refusal = element("p", "convscope-refusal", this.root);
    this.refusal.setAttribute("role", "alert");
    this.announced = element("p", "convscope-heard", this.root);
    this.announced.setAttribute("aria-live", "polite");
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("keydown", (event) => event.key === "Enter" && this.onEnter(event));
    this.changed = () => this.read();
    model.on("change:page change:refusal", this.changed);
    this.read();
  }

  destroy() {
    this.model.off("change:page change:refusal", this.changed);
  }

  read() {
    say(this.refusal, this.model.get("refusal"));
    this.field?.setAttribute("aria-invalid", Boolean(this.model.get("refusal")));
    const page = this.model.get("page");
    if (JSON.stringify(page) === this.shown) return; // what a person has begun to type stays
    const began = this.shown !== undefined;
    const focused = this.root.contains(document.activeElement);
    this.shown = JSON.stringify(page);
    const typed = this.field?.value ?? "";
    this.form.replaceChildren();
    this.field = null;
    this.write(page);
    if (this.field && began) this.field.value = typed;
    if (began) say(this.announced, page.verdict);
    if (began && focused) this.rest.focus(); // where the buttons were that are gone
  }

  write(page) {
    this.group = element("fieldset", "convscope-question", this.form);
    const legend = element("legend", "", this.group);
    element("strong", "", legend, "Predict. ");
    inCode(legend, page.question);
    this.rest = this.group;
    this.group.tabIndex = -1;
    const isOpen = page.guess === null && !page.answered;
    if (page.choices) this.addChoices(page, isOpen);
    else if (isOpen) this.addField(page);
    if (!isOpen) this.addVerdict(page);
    const buttons = element("div", "convscope-buttons", this.form);
    const button = (text, pressed) => this.addButton(buttons, text, pressed);
    if (isOpen) button("Lock in my guess", () => this.submit());
    if (!page.answered && page.known) button("Show me", () => this.ask({ kind: "show" }));
    if (!isOpen) button("Ask me again", () => this.ask({ kind: "reset" }));
  }

  addChoices({ choices, guess, answered, answer }, isOpen) {
    for (const choice of choices) {
      const label = element("label", "convscope-choice", this.group);
      const radio = control("input", choice, label);
      radio.removeAttribute("aria-label"); // its label says more
      Object.assign(radio, { type: "radio", name: "guess", value: choice, disabled: !isOpen, checked: choice === guess });
      const text = element("span", "", label);
      inCode(text, choice);
      if (choice === guess) element("span", "convscope-mark", label, " your guess");
      if (answered && choice === answer) {
        element("span", "convscope-mark convscope-right", label, " ✓ answer");
        label.classList.add("convscope-answer");
      }
    }
  }

  addField({ unit, hint }) {
    const label = element("label", "convscope-number", this.group, "My guess: ");
    this.field = control("input", `my guess${unit && `, ${unit}`}${hint && `, ${hint}`}`, label);
    Object.assign(this.field, { type: "text", inputMode: "decimal", autocomplete: "off", size: 12 });
    element("span", "", label, unit);
    element("span", "convscope-hint", label, hint && `(${hint})`);
  }

  addVerdict({ guess, answer, answered, verdict, why, lengths = [] }) {
    const box = element("div", answered ? "convscope-reason" : "", this.group);
    if (lengths.length) {
      const bars = element("div", "convscope-lengths", box);
      bars.setAttribute("aria-hidden", "true"); // the sentence says it
      [["your guess", guess], ["answer", answer]].forEach(([name, text], i) => {
        element("span", "", bars, name);
        const bar = element("span", `convscope-length convscope-length-${i}`, bars);
        bar.style.setProperty("--convscope-length", lengths[i]);
        element("span", "convscope-mark", bars, text);
      });
    }
    element("p", "convscope-verdict", box, verdict);
    if (why) inCode(element("p", "convscope-why", box), why);
  }

  addButton(parent, text, pressed) {
    const button = control("button", text, parent, text);
    button.type = "button";
    button.addEventListener("click", pressed);
  }

  // Enter anywhere but on a button is for the guess; notebooks would take it for themselves.
  onEnter(event) {
    event.stopPropagation();
    if (event.target.matches("button")) return;
    event.preventDefault();
    this.submit();
  }

  submit() {
    const { choices } = this.model.get("page");
    const guess = choices ? this.form.querySelector("input:checked")?.value : this.field?.value.trim();
    if (guess) this.ask({ kind: "guess", guess });
    else say(this.refusal, choices ? "Choose one first." : "Write a number first.");
  }

  ask(request) {
    this.model.set("request", { serial: (this.model.get("request").serial ?? 0) + 1, ...request });
    this.model.save_changes();
  }
}

// Text, what stands between backticks as code.
function inCode(parent, text) {
  text.split(/`([^`]+)`/).forEach((part, i) => parent.append(i % 2 ? element("code", "", parent, part) : part));
}

function render({ model, el }) {
  const view = new PredictView(model, el);
  return () => view.destroy();
}

export default { render };
