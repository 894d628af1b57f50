// What is marked, in words.

const MOST_PARTS = 6;

function cellInWords(panels, here, reached) {
  const on = panels[here.panel];
  const told = reached.filter((mark) => mark.from === here.panel || (mark.panel === 0 && mark.role === "reads"));
  const verb = (mark) => (mark.from !== here.panel ? "in all sees" : on.isPicture ? "reads" : "is multiplied with");
  const said = told.map((mark) => reachInWords(panels, mark, verb(mark)));
  const parts = [...new Set(said)].map((text) => text + onEach(said.filter((other) => other === text).length));
  if (parts.length > MOST_PARTS) parts.splice(MOST_PARTS, parts.length, `and ${parts.length - MOST_PARTS} more`);
  return [`${on.nameOf(here.row, here.column)} = ${inDigits(on.valueAt(here.row, here.column))}`, ...parts].join("; ");
}

function reachInWords(panels, mark, verb) {
  const { role, panel, rows, columns } = mark;
  if (role === "won") return `${mark.verb} ${panels[panel].nameOf(...rows, ...columns)}`;
  const { inner, group, title } = panels[panel].description;
  const name = group || title;
  const count = rows.size * columns.size;
  const many = (noun) => `${inThousands(count)} ${noun}${count === 1 ? "" : "s"} of ${name}`;
  if (role === "makes") return panels[panel].isPicture ? `used by ${many("cell")}` : `meets ${many("weight")}`;
  const [r, c] = [within(rows, inner.top, inner.rows), within(columns, inner.left, inner.columns)];
  const zeros = count - r.size * c.size;
  if (zeros === count) return `${verb} padding of ${name} alone`;
  return `${verb} ${name} ${lines("row", r)}, ${lines("column", c)}${zeros ? `, and ${zeros} of padding` : ""}`;
}

// What holds for several panels of a group is said once.
function onEach(panels) {
  return panels > 1 ? ` (each of ${panels} maps)` : "";
}

function lines(noun, places) {
  return `${noun}${places.size === 1 ? "" : "s"} ${inWords(places)}`;
}

// Places among `size` from `first` on, counted from there.
function within(places, first, size) {
  return new Set([...places].map((place) => place - first).filter((place) => place >= 0 && place < size));
}

// What no window reads, said once for panels that share it.
function unreadInWords(panels) {
  const titles = new Map();
  for (const { unread, description } of panels) {
    const left = unreadLines(unread, description.inner);
    if (left) titles.set(left, (titles.get(left) ?? new Set()).add(description.group || description.title));
  }
  return [...titles].map(([left, names]) => `${left} of ${[...names].join("; ")}: never read (dotted).`).join(" ");
}

function unreadLines({ rows, columns }, inner) {
  const left = (noun, places, first, size) => {
    const seen = within(places, first, size);
    const padding = places.size - seen.size;
    return [
      ...(seen.size ? [lines(noun, seen)] : []),
      ...(padding ? [`${padding} ${noun}${padding > 1 ? "s" : ""} of padding`] : []),
    ];
  };
  const said = [...left("row", rows, inner.top, inner.rows), ...left("column", columns, inner.left, inner.columns)];
  const text = said.join(" and ");
  return text && text[0].toUpperCase() + text.slice(1);
}
