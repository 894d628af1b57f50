// The products that a cell is the sum of. A link with weights says which: its source holds the weights, its target
// the pixels, and place p of a weight's row (or column) table is the pixel it meets for row (or column) p of the sums.

class Products {
  constructor(links, panels) {
    this.all = links;
    this.links = links.filter((link) => link.weightsOf.length);
    this.panels = panels;
  }

  // Whether the cells of a panel are sums of products.
  make(panel) {
    return this.links.some((link) => link.weightsOf.includes(panel));
  }

  // The panels of sums that are no part of a larger sum, first to last.
  get finals() {
    const made = new Set(this.links.flatMap((link) => link.weightsOf));
    return [...made].filter((panel) => this.isFinal(panel)).sort((a, b) => a - b);
  }

  isFinal(panel) {
    const isPart = (link) => link.target === panel && !link.weightsOf.length && this.make(link.source);
    return this.make(panel) && !this.all.some(isPart);
  }

  // For each link that makes the cell: the panels of weights and pixels, which pixels, and the products one by one.
  of({ panel, row, column }) {
    const making = this.links.filter((link) => link.weightsOf.includes(panel));
    return making.map((link) => {
      const { rows, columns } = this.panels[link.source];
      const down = Array.from({ length: rows }, (_, a) => link.rows.of(a)[row]);
      const across = Array.from({ length: columns }, (_, b) => link.columns.of(b)[column]);
      const terms = down.flatMap((i, a) => across.map((j, b) => this.term(link, a, b, i, j)));
      return { weights: link.source, pixels: link.target, down, across, terms };
    });
  }

  // The weight at (a, b) times the pixel at (i, j); places of -1 are padding that no panel shows.
  term(link, a, b, i, j) {
    const [weights, pixels] = [this.panels[link.source], this.panels[link.target]];
    const outside = i < 0 || j < 0;
    const [weight, value] = [weights.valueAt(a, b), outside ? 0 : pixels.valueAt(i, j)];
    const padding = outside || pixels.isPadding(i, j);
    return { panel: link.source, row: a, column: b, weight, value, padding, product: weight * value };
  }
}

function total(terms) {
  return terms.reduce((sum, term) => sum + term.product, 0);
}
