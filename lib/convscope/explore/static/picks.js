// One cell of a panel for each cell of another: the winner of a window.

class Picks {
  // `described` are {source, target, verb}, `buffers` the places of the picked cells, in reading order.
  constructor(described, buffers, panels) {
    this.picks = described.map((pick, i) => ({ ...pick, places: new Int32Array(buffers[i]) }));
    this.panels = panels;
  }

  // The places in a panel that any cell picks.
  in(panel) {
    return new Set(this.picks.filter(({ target }) => target === panel).flatMap(({ places }) => [...places]));
  }

  // What one cell picks, as marks.
  of({ panel, row, column }) {
    return this.picks.filter(({ source }) => source === panel).map(({ target, verb, places }) => {
      const place = places[row * this.panels[panel].columns + column];
      const { columns } = this.panels[target];
      const cells = { rows: new Set([Math.floor(place / columns)]), columns: new Set([place % columns]) };
      return { role: "won", from: panel, panel: target, verb, ...cells };
    });
  }
}
