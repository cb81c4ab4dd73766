/**
 * Lines of the `[[name]]` and `[[deps.name]]` tables of a Julia manifest, by name in the order they stand.
 * Pkg writes one header a line; a table ends with its last line that is not blank, sub-tables left out.
 */
import type { LineRange } from '#model';

export function tableLines(text: string): ReadonlyMap<string, readonly LineRange[]> {
  const found = new Map<string, { start: number; end: number }[]>();
  let current: { start: number; end: number } | undefined;
  text.split('\n').forEach((raw, index) => {
    const line = raw.trim();
    const name = /^\[\[(?:deps\.)?"?([^."[\]]+)"?\]\]/.exec(line)?.[1];
    if (name !== undefined) {
      current = { start: index + 1, end: index + 1 };
      const list = found.get(name);
      if (list) list.push(current);
      else found.set(name, [current]);
    } else if (line.startsWith('[')) current = undefined;
    else if (line !== '' && current) current.end = index + 1;
  });
  return found;
}
