/**
 * Lines around places of a file, found in one pass over the part up to the last place.
 * Lines end at a line feed.
 */
import type { ByteSource } from './byte-source.js';

export interface LinePlace {
  /** 1-based. */
  readonly line: number;
  readonly start: number;
  /** Where its line feed is, or the file ends. */
  readonly end: number;
  /** Starts of up to two lines before, nearest last. */
  readonly before: readonly number[];
  readonly isLast: boolean;
}

const piece = 1024 * 1024;
const lineFeed = 10;

/** `places` rise and repeat no value; the size of the file can be one. */
export function linePlaces(source: ByteSource, places: readonly number[]): ReadonlyMap<number, LinePlace> {
  const found = new Map<number, LinePlace>();
  let done = 0;
  let line = 1;
  let [last, second, start] = [-1, -1, 0];
  const close = (end: number, isLast: boolean): void => {
    const before = [last, second].filter((place) => place >= 0);
    for (; done < places.length && places[done]! <= end; done++) {
      found.set(places[done]!, { line, start, end, before, isLast });
    }
  };
  for (let at = 0; at < source.size; at += piece) {
    const bytes = source.read(at, piece);
    for (let feed = bytes.indexOf(lineFeed); feed >= 0; feed = bytes.indexOf(lineFeed, feed + 1)) {
      if (places[done]! <= at + feed) close(at + feed, false);
      if (done === places.length) return found;
      line++;
      [last, second, start] = [second, start, at + feed + 1];
    }
  }
  close(source.size, true);
  return found;
}
