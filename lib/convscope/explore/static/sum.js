// The sum of products of one cell, written out: every term of a small kernel, the largest terms of a large one.

const SMALL = 3; // rows and columns of a kernel whose terms are all written
const FEW = 3; // kernels whose terms are
const MOST_TERMS = 9;

class Sum {
  constructor(parent) {
    this.root = element("div", "convscope-sum", parent);
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", "the sum of products");
    this.title = element("p", "convscope-sum-title", this.root);
    this.tables = element("div", "convscope-sum-tables", this.root);
    this.total = element("p", "convscope-sum-total", this.root);
  }

  // `groups` as Products.of gives them, each with a `name`; the cell's name, its value, the bias and the activation in
  // it. Returns the terms that are picked out of many; none where all are written.
  show(groups, name, value, { bias, activation }) {
    const all = groups.flatMap((group) => group.terms.map((term) => ({ ...term, of: group.name })));
    const isSmall = ({ down, across }) => down.length <= SMALL && across.length <= SMALL;
    const small = groups.length <= FEW && groups.every(isSmall);
    const written = small ? all : largest(all);
    const several = groups.length > 1;
    const tables = small
      ? groups.map((group) => [several && group.name, group.across.length, group.terms.length])
      : [["", several ? 0 : 3, written.length]];
    this.lay(tables);
    this.fill(written, several && !small, tables[0][2]);
    say(this.title, `${name} is a sum of ${inTotal(all, written)}`);
    const parts = several ? (small ? groups.map(({ terms }) => inDigits(total(terms))) : byName(groups)) : [];
    const sum = [...others(all, written), ...subtotals(parts, all, bias)];
    say(this.total, [...sum, ...made(total(all) + bias, activation, value)].join(" "));
    return written.length < all.length ? written : [];
  }

  // Tables of so many columns (0: as many as there is room for) and terms, each under its name. They are made anew
  // only where their shape changes.
  lay(tables) {
    const shape = JSON.stringify(tables);
    if (shape === this.shape) return;
    this.shape = shape;
    this.tables.replaceChildren();
    for (const [name, columns, terms] of tables) {
      const table = element("div", "convscope-sum-table", this.tables);
      if (name) element("div", "convscope-sum-name", table, name);
      table.classList.toggle("convscope-sum-mixed", !columns);
      table.style.gridTemplateColumns = columns ? `repeat(${columns}, auto)` : "repeat(auto-fill, minmax(14em, 1fr))";
      for (let i = 0; i < terms; i++) element("span", "convscope-term", table);
    }
    this.slots = [...this.tables.querySelectorAll(".convscope-term")];
  }

  fill(terms, named, perTable) {
    const [values, weights] = [inColumn(terms.map((term) => term.value)), inColumn(terms.map((term) => term.weight))];
    terms.forEach((term, i) => {
      const sign = i % perTable ? "+ " : "";
      say(this.slots[i], `${sign}${values[i]}·${weights[i]}${named ? ` (${term.of})` : ""}`);
      this.slots[i].classList.toggle("convscope-term-first", !sign);
      this.slots[i].classList.toggle("convscope-term-padding", term.padding);
    });
  }
}

function largest(terms) {
  return [...terms].sort((a, b) => Math.abs(b.product) - Math.abs(a.product)).slice(0, MOST_TERMS);
}

function inTotal(all, written) {
  const products = `${inThousands(all.length)} ${all.length === 1 ? "product" : "products"}`;
  return written.length < all.length ? `${products}; the ${written.length} largest:` : `${products}:`;
}

function others(all, written) {
  const rest = all.length - written.length;
  const value = inDigits(total(all) - total(written));
  return rest ? [`+ ${value} from ${inThousands(rest)} smaller terms`.replace("+ −", "− ")] : [];
}

function subtotals(sums, all, bias) {
  const parts = sums.length || !bias ? [...sums] : [inDigits(total(all))];
  if (bias) parts.push(`${inDigits(bias)} (bias)`);
  return parts.length ? [`= ${parts.join(" + ").replaceAll("+ −", "− ")}`] : [];
}

// The sum, and what the activation makes of it.
function made(sum, activation, value) {
  if (!activation) return [`= ${inDigits(value)}`];
  const [before, after] = [inDigits(sum), inDigits(value)];
  return [`= ${before}; ${activation} ${before === after ? "keeps it" : `makes it ${after}`}`];
}

// What each of many groups adds, the largest first, and the rest in one.
function byName(groups) {
  const sums = groups.map(({ name, terms }) => [name, total(terms)]).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
  const [named, rest] = [sums.slice(0, FEW), sums.slice(FEW)];
  const others = rest.reduce((sum, [, part]) => sum + part, 0);
  return [
    ...named.map(([name, part]) => `${inDigits(part)} (${name})`),
    ...(rest.length ? [`${inDigits(others)} (${rest.length} more)`] : []),
  ];
}

// Numbers with as many decimals, three digits for the largest, so that they stand under one another; those below zero
// in brackets.
function inColumn(numbers) {
  const most = Math.max(...numbers.map(Math.abs));
  const decimals = most ? Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(most)))) : 0;
  const texts = numbers.map((number) => Math.abs(number).toFixed(decimals));
  const idle = Math.min(...texts.map((text) => text.match(/\.?0*$/)[0].length)); // zeros that all of them end in
  return texts.map((text, i) => {
    const short = decimals ? text.slice(0, text.length - idle) : text;
    return numbers[i] < 0 && Number(short) ? `(−${short})` : short;
  });
}
