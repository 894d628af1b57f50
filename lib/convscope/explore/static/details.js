// Beside the panels: the sum that makes an output cell, and the numbers of the cells it reads.

const MOST_GLASSES = 3;

class Details {
  constructor(panels, magnifier, sum) {
    Object.assign(this, { panels, magnifier, sum });
  }

  // The magnifier comes with the first picture that has no room for its numbers, and stays: nothing jumps.
  arrange() {
    this.magnifying ||= this.panels.some((panel) => panel.isPicture && panel.cell < ROOM_FOR_NUMBERS);
    this.magnifier.root.hidden = !this.magnifying;
  }

  // `here` is the marked cell, `reached` what it reads and makes, `subject` the output cell to write out, if any.
  // Returns marks for the weights of the terms that are picked out of a long sum.
  show(here, reached, products, subject, width) {
    const groups = subject ? products.of(subject) : [];
    this.sum.root.hidden = !subject;
    const picked = subject ? this.writeSum(subject, groups) : [];
    if (this.magnifying) this.magnify(here, reached, products, groups, width);
    return picked.map(({ panel, row, column }) => ({ panel, role: "reads", ...cellsOf([row], [column]) }));
  }

  magnify(here, reached, products, groups, width) {
    const isWindow = groups.length && (!this.panels[here.panel].isPicture || products.make(here.panel));
    const views = weightiest(groups).map((group) => this.windowOf(group, here));
    this.magnifier.show(isWindow ? views : this.withCell(views, here, reached), width);
  }

  writeSum({ panel, row, column }, groups) {
    const named = groups.map((group) => ({ ...group, name: this.panels[group.weights].description.title }));
    const on = this.panels[panel];
    return this.sum.show(named, on.nameOf(row, column), on.valueAt(row, column), on.description);
  }

  // The pixels of a sum; the one that a marked weight meets has a frame of its own.
  windowOf({ weights, pixels, down, across }, here) {
    const marks = [{ role: "reads", ...cellsOf(down, across) }];
    if (here.panel === weights) marks.push({ role: "here", ...cellsOf([down[here.row]], [across[here.column]]) });
    return this.view(pixels, marks);
  }

  // What the marked cell reads, or else itself, in place of the window on the same panel.
  withCell(views, here, reached) {
    const isRead = (mark) => mark.role === "reads" && mark.from === here.panel && this.panels[mark.panel].isPicture;
    const read = reached.find(isRead);
    const itself = { role: "here", ...cellsOf([here.row], [here.column]) };
    const won = reached.filter((mark) => mark.role === "won" && mark.panel === read?.panel);
    const own = read ? this.view(read.panel, [read, ...won]) : this.view(here.panel, [itself]);
    const place = Math.max(0, views.findIndex((view) => view.panel === own.panel));
    return Object.assign(views, { [place]: own });
  }

  view(panel, marks) {
    return { panel, grid: this.panels[panel].grid, title: this.panels[panel].name, marks };
  }
}

// The windows that add most to a sum, in the order of their panels, as many as have room.
function weightiest(groups) {
  const size = ({ terms }) => Math.abs(total(terms));
  const most = [...groups].sort((a, b) => size(b) - size(a)).slice(0, MOST_GLASSES);
  return groups.filter((group) => most.includes(group));
}

function cellsOf(rows, columns) {
  const shown = (places) => new Set(places.filter((place) => place >= 0));
  return { rows: shown(rows), columns: shown(columns) };
}
