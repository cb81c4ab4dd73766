/** How wide text is on a terminal. Wide and combining characters: https://www.unicode.org/reports/tr11/ */

export function displayWidth(text: string): number {
  // Most text is ASCII.
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length;
  let width = 0;
  for (const char of text) width += charWidth(char.codePointAt(0)!);
  return width;
}

function charWidth(code: number): number {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return 0;
  if ((code >= 0x300 && code <= 0x36f) || (code >= 0x200b && code <= 0x200f) || (code >= 0xfe00 && code <= 0xfe0f))
    return 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}

/** Lines of at most `width` terminal columns, broken at spaces where there are any. */
export function wrapText(text: string, width: number): string[] {
  if (displayWidth(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (displayWidth(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const parts = breakWord(word, width);
    lines.push(...parts.slice(0, -1));
    line = parts.at(-1)!;
  }
  return [...lines, line];
}

/** Each part but the last ends with a hyphen. */
function breakWord(word: string, width: number): string[] {
  if (displayWidth(word) <= width) return [word];
  const room = Math.max(1, width - 1);
  const parts = [''];
  for (const char of word) {
    if (displayWidth(parts.at(-1)! + char) > room && parts.at(-1) !== '') parts.push('');
    parts[parts.length - 1] += char;
  }
  const last = parts.at(-1)!;
  const before = parts.at(-2)!;
  // The last part has room for what a hyphen would take.
  if (displayWidth(before + last) <= width) parts.splice(-2, 2, before + last);
  return parts.map((part, i) => (i < parts.length - 1 && width > 1 ? `${part}-` : part));
}
