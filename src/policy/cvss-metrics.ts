/**
 * The metrics of a CVSS 3 vector, by their names as policies use them; unknown ones are left out.
 * Source  https://www.first.org/cvss/v3.1/specification-document
 */
type Metric = readonly [name: string, values: Readonly<Record<string, string>>];

const impact = { N: 'None', L: 'Low', H: 'High' };
const metrics: ReadonlyMap<string, Metric> = new Map<string, Metric>([
  ['AV', ['AttackVector', { N: 'Network', A: 'Adjacent', L: 'Local', P: 'Physical' }]],
  ['AC', ['AttackComplexity', { L: 'Low', H: 'High' }]],
  ['PR', ['PrivilegesRequired', impact]],
  ['UI', ['UserInteraction', { N: 'None', R: 'Required' }]],
  ['S', ['Scope', { U: 'Unchanged', C: 'Changed' }]],
  ['C', ['Confidentiality', impact]],
  ['I', ['Integrity', impact]],
  ['A', ['Availability', impact]],
]);

export function cvssMetrics(vector: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const part of vector.split('/').slice(0, 64)) {
    const [key = '', value = ''] = part.split(':');
    const metric = metrics.get(key);
    if (!metric || !Object.hasOwn(metric[1], value)) continue;
    out.set(metric[0], metric[1][value]!);
  }
  return out;
}
