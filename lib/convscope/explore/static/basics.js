// Small things that every part of the view needs.

const DOWN_RIGHT = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function element(tag, className, parent, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  parent.append(made);
  return made;
}

// A control of the view's own. Its keys are not for the notebook.
function control(tag, name, parent, text) {
  const made = element(tag, "convscope-control", parent, text);
  made.setAttribute("aria-label", name);
  made.dataset.lmSuppressShortcuts = "true";
  return made;
}

// Text is set only where it differs: an aria-live line must not repeat itself.
function say(line, text) {
  if (line.textContent !== text) line.textContent = text;
}

// A trait's bytes as a buffer of its own: views into the message are not aligned for numbers.
function bufferOf(bytes) {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

function limit(value, size) {
  return Math.max(0, Math.min(size - 1, value));
}

// A number in three digits, as Python's in_digits writes it too: 0.333, 12.3, 1235, 1.2e+06.
function inDigits(value, digits = 3) {
  const size = Math.abs(value);
  if (size && !(size >= 1e-4 && size < 99999.5)) return inPowers(value);
  const text = size >= 10 ** digits - 0.5 ? value.toFixed(0) : `${Number(value.toPrecision(digits))}`;
  return text.replace("-", "−");
}

function inPowers(value) {
  const [digits, power] = value.toExponential(1).split("e");
  const sign = power[0] === "-" ? "−" : "+";
  return `${digits.replace("-", "−")}e${sign}${power.slice(1).padStart(2, "0")}`;
}

function inThousands(count) {
  return count.toLocaleString("en-US");
}
