// What is marked, in words.

function cellInWords(panels, here, reached) {
  const on = panels[here.panel];
  const told = reached.filter((mark) => mark.from === here.panel || (mark.panel === 0 && mark.role === "reads"));
  const parts = told.map((mark) => reachInWords(panels, mark, mark.from === here.panel ? "reads" : "in all sees"));
  return [`${on.nameOf(here.row, here.column)} = ${inDigits(on.valueAt(here.row, here.column))}`, ...parts].join("; ");
}

function reachInWords(panels, { role, panel, rows, columns }, verb) {
  const { title, inner } = panels[panel].description;
  const count = rows.size * columns.size;
  if (role === "makes") return `used by ${inThousands(count)} ${count === 1 ? "cell" : "cells"} of ${title}`;
  const [r, c] = [within(rows, inner.top, inner.rows), within(columns, inner.left, inner.columns)];
  const zeros = count - r.size * c.size;
  if (zeros === count) return `${verb} padding of ${title} alone`;
  return `${verb} ${title} rows ${inWords(r)}, columns ${inWords(c)}${zeros ? `, and ${zeros} of padding` : ""}`;
}

// Places among `size` from `first` on, counted from there.
function within(places, first, size) {
  return new Set([...places].map((place) => place - first).filter((place) => place >= 0 && place < size));
}

// What no window reads, said once for panels that share it.
function unreadInWords(panels) {
  const titles = new Map();
  for (const { unread, description } of panels) {
    const lines = unreadLines(unread, description.inner);
    if (lines) titles.set(lines, [...(titles.get(lines) ?? []), description.title]);
  }
  return [...titles].map(([lines, names]) => `${lines} of ${names.join("; ")}: never read (dotted).`).join(" ");
}

function unreadLines({ rows, columns }, inner) {
  const line = (noun, places, first, size) => {
    const seen = within(places, first, size);
    const padding = places.size - seen.size;
    return [
      ...(seen.size ? [`${noun}${seen.size > 1 ? "s" : ""} ${inWords(seen)}`] : []),
      ...(padding ? [`${padding} ${noun}${padding > 1 ? "s" : ""} of padding`] : []),
    ];
  };
  const said = [...line("row", rows, inner.top, inner.rows), ...line("column", columns, inner.left, inner.columns)];
  const text = said.join(" and ");
  return text && text[0].toUpperCase() + text.slice(1);
}
