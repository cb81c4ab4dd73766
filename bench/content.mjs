// Bytes for made-up files, the same on every machine: some random, some like text and code, so that an image of them
// compresses about as well as a real one.
import { createCipheriv } from 'node:crypto';

const RANDOM = 32 << 20;
const TEXT = 16 << 20;

export class Content {
  constructor() {
    const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 7), Buffer.alloc(16));
    this.random = cipher.update(Buffer.alloc(RANDOM));
    this.text = makeText(this.random);
    this.at = 0;
  }

  /** A number below `limit`. */
  number(limit) {
    this.at = (this.at + 4) % (RANDOM - 4);
    return this.random.readUInt32LE(this.at) % limit;
  }

  /** `size` bytes; one part in `every` is random, the rest compresses to a quarter. */
  bytes(size, every = 9) {
    const out = Buffer.allocUnsafe(size);
    for (let done = 0; done < size;) {
      const part = Math.min(size - done, 1024 + this.number(16 << 10));
      const pool = this.number(every) === 0 ? this.random : this.text;
      const from = this.number(pool.length - part);
      pool.copy(out, done, from, from + part);
      done += part;
    }
    return out;
  }
}

/** Words by a law like that of language: few of them often, many of them rarely. */
function makeText(random) {
  const words = Array.from({ length: 700 }, (_, i) => random.subarray(i * 130, i * 130 + 3 + (i % 40)));
  const text = Buffer.alloc(TEXT);
  let from = 100_000;
  for (let done = 0; done < TEXT;) {
    from = (from + 4) % (RANDOM - 4);
    const share = random.readUInt32LE(from) / 2 ** 32;
    const word = words[Math.floor(words.length * share ** 2)];
    word.copy(text, done);
    done += word.length;
    if (share > 0.6) text[done++] = 0x20;
  }
  return text;
}
