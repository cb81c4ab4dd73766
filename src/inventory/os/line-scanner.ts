/**
 * The lines of a text as ranges of it, one after another: databases have tens of thousands of lines,
 * of which few are wanted, so none is cut out before it is asked for. Ends are `\n` or `\r\n`.
 */
export class LineScanner {
  readonly text: string;
  /** Range of the current line in the text, without its end. */
  start = 0;
  end = 0;
  /** 1-based number of the current line. */
  number = 0;
  #next = 0;
  #colon = -1;

  constructor(text: string) {
    this.text = text;
  }

  /** Goes to the next line; false behind the last one. */
  next(): boolean {
    const { text } = this;
    if (this.#next >= text.length) return false;
    this.start = this.#next;
    let end = text.indexOf('\n', this.start);
    if (end < 0) end = text.length;
    this.#next = end + 1;
    this.end = end > this.start && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
    this.number++;
    return true;
  }

  get blank(): boolean {
    for (let i = this.start; i < this.end; i++) {
      const code = this.text.charCodeAt(i);
      if (code !== 32 && code !== 9) return false;
    }
    return true;
  }

  /** Position of the first colon in the line, or -1. A colon found behind the line is kept for the lines to come. */
  colon(): number {
    if (this.#colon < this.start) {
      const found = this.text.indexOf(':', this.start);
      this.#colon = found < 0 ? Infinity : found;
    }
    return this.#colon < this.end ? this.#colon : -1;
  }

  slice(from: number): string {
    return this.text.slice(from, this.end);
  }
}

/** The lines of a text. */
export function* linesOf(text: string): Generator<string> {
  const scanner = new LineScanner(text);
  while (scanner.next()) yield scanner.slice(scanner.start);
}

/** Blank when the text is. */
export function firstLine(text: string): string {
  const scanner = new LineScanner(text);
  return scanner.next() ? scanner.slice(scanner.start) : '';
}
