/** What was taken out of the results, by whom and why: below the findings, folded. */
import type { Report } from '#model';
import { flatFinding } from '../flat-finding.js';
import { markupText } from '../markup-text.js';

export function* suppressedList({ results }: Report): Generator<string> {
  const total = results.reduce((sum, { suppressed = [] }) => sum + suppressed.length, 0);
  if (total === 0) return;
  yield `<h2>Suppressed</h2><details class="box"><summary>${total} findings were taken out</summary><table><thead><tr><th>Finding</th><th>Package or file</th><th>Installed</th><th>Status</th><th>Statement</th><th>Source</th></tr></thead><tbody>\n`;
  for (const result of results)
    for (const { finding, status, statement, source } of result.suppressed ?? []) {
      const { id, subject, installed } = flatFinding(finding, result);
      const cells = [id, subject, installed, status.replaceAll('_', ' '), statement, source];
      yield `<tr>${cells.map((text) => `<td>${markupText(text)}</td>`).join('')}</tr>\n`;
    }
  yield '</tbody></table></details>\n';
}
