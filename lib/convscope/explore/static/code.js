// The program that makes what is on show, folded away, with a button that copies it.

class Code {
  constructor(parent) {
    this.root = element("details", "convscope-code", parent);
    const summary = element("summary", "", this.root, "as NumPy code");
    summary.dataset.lmSuppressShortcuts = "true";
    this.text = element("pre", "", this.root);
    this.copy = element("button", "convscope-control", this.root);
    this.copy.type = "button";
    this.copy.setAttribute("aria-live", "polite"); // its text says whether it worked
    this.copy.addEventListener("click", () => this.toClipboard());
  }

  show(code) {
    this.root.hidden = !code;
    say(this.text, code);
    say(this.copy, "Copy the code");
  }

  async toClipboard() {
    try {
      await navigator.clipboard.writeText(this.text.textContent);
      say(this.copy, "Copied");
    } catch {
      getSelection().selectAllChildren(this.text); // a page that may not write to the clipboard
      say(this.copy, "Selected: press Ctrl or ⌘ and C");
    }
  }
}
