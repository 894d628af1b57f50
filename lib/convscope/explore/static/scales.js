// Where numbers lie on an axis, and which of them to mark.

const SCALES = {
  false: { go: (value) => value, name: "linear" },
  true: { go: Math.log10, name: "log" },
};

class Scale {
  // Numbers from `low` to `high` on pixels from `from` to `to`; where `log`, each step multiplies.
  constructor(low, high, from, to, log = false) {
    const { go } = SCALES[log];
    const span = go(high) - go(low) || 1;
    this.at = (value) => from + ((go(value) - go(low)) / span) * (to - from);
  }
}

// At most so many good numbers from low to high, or a little beyond where `round`: 1, 2 or 5 times a power of ten.
function goodNumbers(low, high, most, round = false) {
  const least = (high - low || Math.abs(high) || 1) / Math.max(1, most - 1);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * [1, 2, 5, 10].find((times) => times * power >= least * 0.999999);
  const [first, last] = round ? [Math.floor, Math.ceil] : [Math.ceil, Math.floor];
  const slack = round ? 1e-9 : -1e-9;
  const numbers = [];
  for (let i = first(low / step + slack); i <= last(high / step - slack); i++) {
    numbers.push(Number((i * step).toPrecision(12)));
  }
  return numbers;
}

// Powers of ten from low to high, and twice and five times them where there are less than three.
function goodPowers(low, high) {
  const powers = [];
  for (let i = Math.floor(Math.log10(low)); i <= Math.ceil(Math.log10(high)); i++) powers.push(10 ** i);
  const within = (values) => values.filter((value) => value >= low * 0.999999 && value <= high * 1.000001);
  const sparse = within(powers);
  return sparse.length > 2 ? sparse : within(powers.flatMap((power) => [power, 2 * power, 5 * power]));
}

// In so many digits, whole where it takes more, as Python's `number` in figures writes it: 0.0123, 97.6, 12,345.
function inFigures(value, digits = 3) {
  const size = Math.abs(value);
  if (size && (size < 1e-4 || size >= 1e9)) return inPowers(value);
  const text = size >= 10 ** digits - 0.5 ? inThousands(Math.round(value)) : `${Number(value.toPrecision(digits))}`;
  return text.replace("-", "−");
}

// Places apart by `gap` at least, each as near to the wanted one as the others leave it, from `low` to `high`.
function movedApart(wanted, gap, low, high) {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const places = [...wanted];
  let floor = low;
  for (const i of order) floor = (places[i] = Math.max(places[i], floor)) + gap;
  let ceiling = high;
  for (const i of order.reverse()) ceiling = (places[i] = Math.min(places[i], ceiling)) - gap;
  return places;
}
