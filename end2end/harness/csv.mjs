// Reads CSV files as RFC 4180 writes them.

/** Rows of cells. */
export function parse(text) {
  const rows = [[]];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') { cell += '"'; at += 1; }
      else quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === ',') { rows.at(-1).push(cell); cell = ''; }
    else if (sign === '\n') { rows.at(-1).push(cell.replace(/\r$/, '')); cell = ''; rows.push([]); }
    else cell += sign;
  }
  if (cell || rows.at(-1).length > 0) rows.at(-1).push(cell);
  else rows.pop();
  return rows;
}

/** Rows as objects named by the header. */
export function records(text) {
  const [header, ...rows] = parse(text);
  return rows.map((row) => Object.fromEntries(header.map((name, at) => [name, row[at]])));
}
