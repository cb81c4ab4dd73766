/**
 * License expressions: names joined by `AND`, `OR` and `WITH`, in any case, with parentheses.
 * Reads   what package metadata holds: names may have several words and need not be SPDX identifiers.
 * Yields  the expression as a tree, operands of the same operator gathered; `undefined` when the text is none.
 * Limits  4096 characters, 32 levels of parentheses: longer or deeper text is no expression.
 * Source  https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/
 */
export type LicenseExpression =
  | { readonly kind: 'license'; readonly name: string; readonly exception?: string }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly LicenseExpression[] };

const maxLength = 4096;
const maxDepth = 32;

export function parseLicenseExpression(text: string): LicenseExpression | undefined {
  if (text.length > maxLength) return undefined;
  const tokens = new Tokens(text.match(/[()]|[^\s()]+/g) ?? []);
  const expression = parseOperands('or', tokens, 0);
  return tokens.peek() === undefined ? expression : undefined;
}

/** Parentheses only where `AND` binds what `OR` joins. */
export function formatLicenseExpression(expression: LicenseExpression): string {
  if (expression.kind === 'license')
    return expression.exception === undefined ? expression.name : `${expression.name} WITH ${expression.exception}`;
  const { kind, operands } = expression;
  return operands
    .map((operand) => {
      const inner = formatLicenseExpression(operand);
      return kind === 'and' && operand.kind === 'or' ? `(${inner})` : inner;
    })
    .join(kind === 'and' ? ' AND ' : ' OR ');
}

/** The same expression with other names. */
export function mapLicenses(
  expression: LicenseExpression,
  change: (license: Extract<LicenseExpression, { kind: 'license' }>) => LicenseExpression,
): LicenseExpression {
  if (expression.kind === 'license') return change(expression);
  const operands = expression.operands.map((operand) => mapLicenses(operand, change));
  return { kind: expression.kind, operands };
}

class Tokens {
  readonly #all: readonly string[];
  #at = 0;

  constructor(all: readonly string[]) {
    this.#all = all;
  }

  peek(): string | undefined {
    return this.#all[this.#at];
  }

  /** Moves on when the next token is this word. */
  take(word: string): boolean {
    if (this.peek()?.toLowerCase() !== word) return false;
    this.#at++;
    return true;
  }

  /** The words up to the next operator or parenthesis, as one name. */
  name(): string | undefined {
    const words: string[] = [];
    for (let next = this.peek(); next !== undefined && !/^(?:[()]|and|or|with)$/i.test(next); next = this.peek()) {
      words.push(next);
      this.#at++;
    }
    return words.length > 0 ? words.join(' ') : undefined;
  }
}

function parseOperands(kind: 'and' | 'or', tokens: Tokens, depth: number): LicenseExpression | undefined {
  const operands: LicenseExpression[] = [];
  do {
    const operand = kind === 'or' ? parseOperands('and', tokens, depth) : parseLicense(tokens, depth);
    if (!operand) return undefined;
    if (operand.kind === kind) operands.push(...operand.operands);
    else operands.push(operand);
  } while (tokens.take(kind));
  return operands.length === 1 ? operands[0] : { kind, operands };
}

function parseLicense(tokens: Tokens, depth: number): LicenseExpression | undefined {
  if (tokens.take('(')) {
    const inner = depth < maxDepth ? parseOperands('or', tokens, depth + 1) : undefined;
    return inner && tokens.take(')') ? inner : undefined;
  }
  const name = tokens.name();
  if (name === undefined) return undefined;
  if (!tokens.take('with')) return { kind: 'license', name };
  const exception = tokens.name();
  return exception === undefined ? undefined : { kind: 'license', name, exception };
}
