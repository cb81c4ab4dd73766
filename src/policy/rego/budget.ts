/**
 * What an evaluation may cost. A step is a term looked at, or 16 characters or one element made: so memory is bounded, too.
 * Errors  `FormatError`.
 */
import { FormatError } from '#base';

const STEPS_PER_FINDING = 500_000;
const STEPS_IN_ALL = 1_000_000_000;
const MAX_TEXT = 1024 * 1024;
const MAX_BITS = 4096n;

export class Budget {
  #left = STEPS_PER_FINDING;
  #all = STEPS_IN_ALL;

  /** Begins the next finding. */
  renew(): void {
    this.#all -= STEPS_PER_FINDING - this.#left;
    this.#left = STEPS_PER_FINDING;
    if (this.#all <= 0) throw new FormatError(`the policy takes more than ${STEPS_IN_ALL} steps for all findings`);
  }

  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new FormatError(`the policy takes more than ${STEPS_PER_FINDING} steps for one finding`);
  }

  /** For a text of this length that is read or made. */
  spendText(length: number): void {
    if (length > MAX_TEXT) throw new FormatError(`the policy makes a text longer than ${MAX_TEXT} characters`);
    this.spend(1 + (length >> 4));
  }

  spendNumber(value: number | bigint): void {
    if (typeof value === 'bigint' && BigInt.asIntN(Number(MAX_BITS), value) !== value)
      throw new FormatError('the policy makes too large a number');
  }
}
