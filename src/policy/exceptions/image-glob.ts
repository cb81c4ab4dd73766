/**
 * Globs of images: `*` is any text without `/`, `**` any text, `?` one character but `/`; everything else is literal.
 * Whoever may write to a namespace writes them, and one process judges for all: matching takes the product of both lengths
 * at most, whatever the glob, which regular expressions do not promise.
 * Errors  `FormatError` for the brackets and braces of other globs, which no name of an image holds.
 */
import { FormatError } from '#base';

export interface ImageGlob {
  test(text: string): boolean;
}

type Token = { readonly literal: string } | 'one' | 'segment' | 'any';

export function compileImageGlob(glob: string): ImageGlob {
  const odd = /[[\]{}\\]/.exec(glob)?.[0];
  if (odd !== undefined)
    throw new FormatError(`${glob}: ${odd} cannot be in the name of an image; *, ** and ? are special`);
  const tokens = [...glob.matchAll(/\*{2,}|\*|\?|[^*?]/gs)].map(([part]): Token => {
    if (part === '?') return 'one';
    return part === '*' ? 'segment' : part.startsWith('*') ? 'any' : { literal: part };
  });
  if (tokens.every((token) => typeof token === 'object')) return { test: (text) => text === glob };
  return { test: (text) => matches(tokens, text) };
}

/** All places in the glob that the text so far may have come to. */
function matches(tokens: readonly Token[], text: string): boolean {
  let places = new Uint8Array(tokens.length + 1);
  enter(tokens, places, 0);
  for (const character of text.split('')) {
    const next = new Uint8Array(tokens.length + 1);
    let isAlive = false;
    for (const [i, token] of tokens.entries()) {
      if (!places[i] || !takes(token, character)) continue;
      isAlive = true;
      enter(tokens, next, token === 'segment' || token === 'any' ? i : i + 1);
    }
    if (!isAlive) return false;
    places = next;
  }
  return places[tokens.length] === 1;
}

const takes = (token: Token, character: string): boolean =>
  token === 'any' || (typeof token === 'object' ? token.literal === character : character !== '/');

/** Stars may be empty. */
function enter(tokens: readonly Token[], places: Uint8Array, place: number): void {
  for (let i = place; places[i] !== 1; i++) {
    places[i] = 1;
    if (tokens[i] !== 'segment' && tokens[i] !== 'any') return;
  }
}
