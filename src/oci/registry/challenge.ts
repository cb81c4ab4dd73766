/**
 * `WWW-Authenticate`: what a registry wants to see before it answers.
 * Grammar: https://www.rfc-editor.org/rfc/rfc9110#name-www-authenticate — parameters: https://distribution.github.io/distribution/spec/auth/token/
 */
export interface Challenge {
  /** Lower case: `basic`, `bearer`, … */
  readonly scheme: string;
  /** By lower-case name. */
  readonly parameters: ReadonlyMap<string, string>;
}

const MAX_HEADER = 16 * 1024;

/** All challenges of the header, in order; what cannot be understood is left out. */
export function parseChallenges(header: string | undefined): Challenge[] {
  const text = (header ?? '').slice(0, MAX_HEADER);
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  // One piece each: `name="quoted"`, `name=token`, or a lone word, which begins a new challenge.
  const piece = /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/gy;
  let position = 0;
  while (position < text.length) {
    piece.lastIndex = position;
    const found = piece.exec(text);
    if (!found) {
      position++;
      continue;
    }
    position = piece.lastIndex;
    const [whole, word = '', quoted, plain] = found;
    if (!whole.includes('=')) challenges.push({ scheme: word.toLowerCase(), parameters: new Map() });
    else challenges.at(-1)?.parameters.set(word.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '');
  }
  return challenges;
}

/** The one to answer: a token is better than a password sent with every request. */
export function chooseChallenge(challenges: readonly Challenge[]): Challenge | undefined {
  const bearer = challenges.find(({ scheme, parameters }) => scheme === 'bearer' && parameters.get('realm'));
  return bearer ?? challenges.find(({ scheme }) => scheme === 'basic');
}
