/**
 * Tables of box-drawing lines. Cells may have several lines; a cell equal to the one above it is merged with it,
 * where a column asks for that. Widths count terminal columns.
 */
import { displayWidth, wrapText } from './text-width.js';

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'center';
  /** Merge equal cells of rows that follow each other. */
  readonly merge?: boolean;
  /** The column may be narrowed to this many terminal columns, and its text wrapped, to fit the width. */
  readonly shrinkTo?: number;
  /** Text wider than this is wrapped, whatever room there is. */
  readonly maxWidth?: number;
}

export interface TableOptions {
  readonly columns: readonly Column[];
  /** Terminal columns; undefined for no limit. */
  readonly width?: number;
  /** Paints the text of a cell without changing its width. */
  readonly paint?: (text: string, column: number, cell: string) => string;
}

export function boxTable(rows: readonly (readonly string[])[], options: TableOptions): string {
  return [...boxRows(rows, options)].join('');
}

/** The table row by row, each with its line ends. */
export function* boxRows(rows: readonly (readonly string[])[], options: TableOptions): Generator<string> {
  const { columns } = options;
  const widths = fit(naturalWidths(rows, columns), columns, options.width);
  const titles = columns.map((c) => c.title);
  yield joined([border('┌', '┬', '┐', widths), ...cellLines(titles, widths, columns, { center: true })]);
  for (const [index, row] of rows.entries()) {
    const above = rows[index - 1];
    const merged = columns.map((column, i) => column.merge === true && row[i] !== '' && above?.[i] === row[i]);
    // A merged cell keeps its height: the row is as high as its content.
    const shown = row.map((cell, i) => (merged[i] ? '\n'.repeat(cellTexts(cell, widths[i]!).length - 1) : cell));
    const paint = options.paint;
    const style = paint ? { paint: (text: string, i: number) => paint(text, i, row[i]!) } : {};
    yield joined([separator(widths, merged), ...cellLines(shown, widths, columns, style)]);
  }
  yield joined([border('└', '┴', '┘', widths)]);
}

const joined = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

function naturalWidths(rows: readonly (readonly string[])[], columns: readonly Column[]): number[] {
  return columns.map(({ title, maxWidth = Infinity }, i) =>
    Math.min(
      rows.reduce((width, row) => Math.max(width, ...row[i]!.split('\n').map(displayWidth)), displayWidth(title)),
      maxWidth,
    ),
  );
}

/** Narrows the shrinkable columns, the widest first, until the table fits or none can give more. */
function fit(widths: number[], columns: readonly Column[], limit: number | undefined): number[] {
  if (limit === undefined) return widths;
  const total = (): number => widths.reduce((sum, w) => sum + w + 3, 1);
  const give = (i: number): number => widths[i]! - (columns[i]!.shrinkTo ?? widths[i]!);
  while (total() > limit) {
    const candidates = widths.map((_, i) => i).filter((i) => give(i) > 0);
    if (candidates.length === 0) break;
    const widest = candidates.reduce((a, b) => (widths[b]! > widths[a]! ? b : a));
    widths[widest] =
      widths[widest]! - Math.min(give(widest), Math.max(1, Math.ceil((total() - limit) / candidates.length)));
  }
  return widths;
}

const cellTexts = (cell: string, width: number): readonly string[] =>
  cell.split('\n').flatMap((line) => wrapText(line, width));

interface CellStyle {
  readonly center?: boolean;
  readonly paint?: (text: string, column: number) => string;
}

function cellLines(
  cells: readonly string[],
  widths: readonly number[],
  columns: readonly Column[],
  style: CellStyle,
): string[] {
  const texts = cells.map((cell, i) => cellTexts(cell, widths[i]!));
  const height = Math.max(...texts.map((lines) => lines.length));
  return Array.from({ length: height }, (_, y) => {
    const parts = texts.map((lines, i) => {
      const text = lines[y] ?? '';
      const room = widths[i]! - displayWidth(text);
      const left = style.center || columns[i]!.align === 'center' ? Math.floor(room / 2) : 0;
      const painted = text && style.paint ? style.paint(text, i) : text;
      return ` ${' '.repeat(left)}${painted}${' '.repeat(room - left)} `;
    });
    return `│${parts.join('│')}│`;
  });
}

function border(left: string, middle: string, right: string, widths: readonly number[]): string {
  return left + widths.map((w) => '─'.repeat(w + 2)).join(middle) + right;
}

/** The line between two rows, open where cells are merged. */
function separator(widths: readonly number[], merged: readonly boolean[]): string {
  let out = merged[0] ? '│' : '├';
  widths.forEach((width, i) => {
    out += (merged[i] ? ' ' : '─').repeat(width + 2);
    const last = i === widths.length - 1;
    const right = !last && !merged[i + 1];
    if (last) out += merged[i] ? '│' : '┤';
    else if (merged[i]) out += right ? '├' : '│';
    else out += right ? '┼' : '┤';
  });
  return out;
}
