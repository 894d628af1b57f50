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
function reach(links, panel, start) {
  const found = [];
  const follow = (role, from, cells) => {
    for (const link of links) {
      const [near, far, step] =
        role === "reads" ? [link.source, link.target, "along"] : [link.target, link.source, "against"];
      if (near !== from) continue;
      const next = { rows: link.rows[step](cells.rows), columns: link.columns[step](cells.columns) };
      found.push({ role, from, panel: far, ...next });
      follow(role, far, next);
    }
  };
  follow("reads", panel, start);
  follow("makes", panel, start);
  return found;
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
