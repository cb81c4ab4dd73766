/**
 * Policies in CEL: one expression that is true for findings to ignore.
 * Shape   `input` is the finding as in the JSON report, with `Type` (`vulnerability`, `secret`, `license`), `target` and
 *         `class` those of its result; `cvss(vector)` gives the metrics of a CVSS 3 vector by name. `//` starts a comment.
 * Yields  whether a finding is ignored. A finding that lacks a field the expression asks for stays: `has(input.X)` tells.
 * Limits  1 MiB of text; the expression language has no loops but over lists of the finding.
 * Errors  `FormatError` with line and column: for what is no expression, or does not give a truth value.
 * Source  https://github.com/google/cel-spec/blob/master/doc/langdef.md
 */
import { FormatError } from '#base';
import { cvssMetrics } from './cvss-metrics.js';

export type Json = Readonly<Record<string, unknown>>;

export interface FindingContext {
  readonly input: Json;
  readonly target: string;
  readonly class: string;
}

/** `unknown` with the reason when the finding lacks a field. */
export type Judgement = { readonly ignored: boolean } | { readonly ignored: false; readonly unknown: string };

/** The library is loaded at first use. */
export async function compileCel(text: string): Promise<(finding: FindingContext) => Judgement> {
  const { Environment } = await import('@marcbachmann/cel-js');
  const environment = new Environment({ limits: { maxAstNodes: 10_000, maxDepth: 100 } })
    .registerVariable('input', 'map')
    .registerVariable('target', 'string')
    .registerVariable('class', 'string')
    .registerFunction('cvss(string): map', cvssMetrics);
  const expression = text.replace(/^\uFEFF/, '');
  const program = guarded(expression, () => environment.parse(expression));
  const { valid, error, type } = guarded(expression, () => program.check());
  if (!valid) throw placed(expression, error ?? new FormatError('not a valid expression'));
  if (type !== 'bool' && type !== 'dyn')
    throw new FormatError(`the expression gives ${type ?? 'nothing'}, not true or false`);
  return (finding) => {
    let value: unknown;
    try {
      value = program({ ...finding });
    } catch (error) {
      if (codeOf(error) === 'no_such_key') return { ignored: false, unknown: firstLine(error) };
      throw placed(expression, error);
    }
    if (typeof value !== 'boolean') throw new FormatError('the expression does not give true or false');
    return { ignored: value };
  };
}

function guarded<T>(expression: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw placed(expression, error);
  }
}

/** The library's errors know where they are in the text. */
function placed(expression: string, error: unknown): FormatError {
  const start = (error as { range?: { start?: number } }).range?.start;
  if (start === undefined) return new FormatError(firstLine(error), { cause: error });
  const before = expression.slice(0, start).split('\n');
  const column = before.at(-1)!.length + 1;
  return new FormatError(`line ${before.length}, column ${column}: ${firstLine(error)}`, { cause: error });
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;
const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;
