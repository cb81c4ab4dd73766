/** Regular expressions that users write. */
import { PratiqueError } from '#base';

/** `origin` names where the expression was given. */
export function compileUserRegex(source: string, origin: string): RegExp {
  try {
    return new RegExp(source);
  } catch (error) {
    throw new PratiqueError('usage/invalid', { problem: `${origin} ${source}: not a regular expression` }, error);
  }
}
