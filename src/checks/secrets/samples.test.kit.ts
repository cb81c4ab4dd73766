/**
 * Made-up secrets, put together when tests run: `{h32}` stands for 32 random characters of kind `h`, `«` and `»` show
 * what a report hides.
 */
const kinds: Readonly<Record<string, string>> = {
  /** Letters and digits. */
  a: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  b: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  d: '0123456789',
  h: '0123456789abcdef',
  l: 'abcdefghijklmnopqrstuvwxyz0123456789',
  q: 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L',
  s: 'abcdefghijklmnopqrstuvwxyz',
  t: 'abcdefghijklmnopqrstuvwxyz234567',
  u: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  w: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-',
};

export interface Sample {
  readonly text: string;
  /** Where the secret is. */
  readonly start: number;
  readonly end: number;
}

/** `scale` makes every random part shorter. Equal seeds give equal samples. */
export function makeSample(template: string, seed = 1, scale = 1): Sample {
  let state = seed * 2654435761 + 12345;
  const next = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const marked = template.replace(/\{([a-z])(\d+)\}/g, (_, kind: string, count: string) => {
    const alphabet = kinds[kind]!;
    const length = Math.floor(Number(count) * scale);
    return Array.from({ length }, () => alphabet[next(alphabet.length)]).join('');
  });
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  return { text: marked.replace(/[«»]/g, ''), start: Math.max(0, start), end };
}
