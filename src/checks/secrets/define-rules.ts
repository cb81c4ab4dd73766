/** Rows of rule tables. */
import type { Severity } from '#model';
import type { SecretRule, Shape } from './rule.js';

type Row = readonly [
  id: string,
  title: string,
  severity: Severity,
  shapes: Shape | readonly Shape[],
  more?: Pick<SecretRule, 'path' | 'minEntropy'>,
];

/** The rules of one provider. */
export function rulesOf(category: string, rows: readonly Row[]): readonly SecretRule[] {
  return rows.map(([id, title, severity, shapes, more]) => ({
    id,
    category,
    title,
    severity,
    shapes: [shapes].flat(),
    ...more,
  }));
}
