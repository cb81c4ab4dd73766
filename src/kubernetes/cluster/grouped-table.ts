/** A table of box-drawing lines whose columns stand in titled groups. Cells are one line of printable text. */
export interface GroupedColumns {
  /** Of the first columns, which stand alone. */
  readonly titles: readonly string[];
  readonly groups: readonly { readonly title: string; readonly columns: readonly string[] }[];
}

export function groupedTable(rows: readonly (readonly string[])[], { titles, groups }: GroupedColumns): string {
  const heads = [...titles.map(() => ''), ...groups.flatMap(({ columns }) => columns)];
  const widths = heads.map((head, i) =>
    Math.max(head.length, (titles[i] ?? '').length, ...rows.map((row) => row[i]!.length)),
  );
  const singles = widths.slice(0, titles.length);
  let at = titles.length;
  const spans = groups.map(({ title, columns }) => {
    const own = widths.slice(at, at + columns.length);
    // A title wider than its columns widens the last one.
    const missing = title.length - (sum(own) + 3 * (own.length - 1));
    if (missing > 0) widths[at + columns.length - 1]! += missing;
    at += columns.length;
    return { title, widths: widths.slice(at - columns.length, at) };
  });
  const wide = spans.map((span) => sum(span.widths) + 3 * (span.widths.length - 1));
  const inner = (joint: string): string => spans.map((span) => span.widths.map(bar).join(joint)).join('┼');
  const lines = [
    `┌${[...singles, ...wide].map(bar).join('┬')}┐`,
    line([...titles, ...spans.map(({ title }) => title)], [...singles, ...wide], titles.length),
    `│${singles.map((width) => ' '.repeat(width + 2)).join('│')}├${inner('┬')}┤`,
    line(heads, widths, 0),
    ...rows.flatMap((row) => [`├${widths.map(bar).join('┼')}┤`, line(row, widths, titles.length)]),
    `└${widths.map(bar).join('┴')}┘`,
  ];
  return `${lines.join('\n')}\n`;
}

/** The first `left` cells are aligned to the left, the others centered. */
function line(cells: readonly string[], widths: readonly number[], left: number): string {
  const shown = cells.map((cell, i) => {
    const room = widths[i]! - cell.length;
    const before = i < left ? 0 : Math.floor(room / 2);
    return ` ${' '.repeat(before)}${cell}${' '.repeat(room - before)} `;
  });
  return `│${shown.join('│')}│`;
}

const bar = (width: number): string => '─'.repeat(width + 2);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
