// Which cells a cell is made of, and which it helps to make. A set of cells is {rows: Set, columns: Set}, meaning
// every row with every column; a link's tables say which rows and columns one cell reads (-1: none).

class Axis {
  constructor(buffer, cells) {
    this.table = new Int32Array(buffer);
    this.cells = cells;
    this.reads = cells ? this.table.length / cells : 0;
  }

  of(cell) {
    return this.table.subarray(cell * this.reads, (cell + 1) * this.reads);
  }

  along(cells) {
    const found = new Set();
    for (const cell of cells) for (const read of this.of(cell)) if (read >= 0) found.add(read);
    return found;
  }

  against(reads) {
    const found = new Set();
    for (let cell = 0; cell < this.cells; cell++) if (this.of(cell).some((read) => reads.has(read))) found.add(cell);
    return found;
  }
}

// Everything that `start` is made of ("reads", through all panels before it) and helps to make ("makes", after it).
// Each find says which cells led to it: `from`, a panel, and `by`, cells of it.
function reach(links, panel, start) {
  return ["reads", "makes"].flatMap((role) => follow(links, role, { panel, ...start }));
}

// Step by step, nearest panels first. Where several ways lead to the same cells, they are found once.
function follow(links, role, start) {
  const [near, far, step] = role === "reads" ? ["source", "target", "along"] : ["target", "source", "against"];
  const [found, seen] = [[], new Set()];
  for (let at = -1; at < found.length; at++) {
    const by = found[at] ?? start;
    for (const link of links) {
      if (link[near] !== by.panel) continue;
      const next = { panel: link[far], rows: link.rows[step](by.rows), columns: link.columns[step](by.columns) };
      const key = [next.panel, ...next.rows, "×", ...next.columns].join();
      if (!next.rows.size || !next.columns.size || seen.has(key)) continue;
      seen.add(key);
      found.push({ role, from: by.panel, by, ...next });
    }
  }
  return found;
}

// The rows and the columns of a panel that no link reads; none where nothing reads the panel at all.
function neverRead(links, panel, shape) {
  const into = links.filter((link) => link.target === panel);
  const missing = (axis, size) => {
    const read = new Set();
    for (const { table } of new Set(into.map((link) => link[axis]))) for (const place of table) read.add(place);
    return new Set([...Array(into.length && size).keys()].filter((place) => !read.has(place)));
  };
  return { rows: missing("rows", shape[0]), columns: missing("columns", shape[1]) };
}

// Neighbouring numbers joined: {1, 2, 3, 7} becomes [[1, 3], [7, 7]].
function runs(numbers) {
  const joined = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = joined.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else joined.push([number, number]);
  }
  return joined;
}

function inWords(numbers) {
  const parts = runs(numbers).map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`));
  return parts.length <= 6 ? parts.join(", ") : `${parts.slice(0, 3).join(", ")}, … ${parts.at(-1)}`;
}
