/**
 * `markdown`: a summary and a table, gravest first, for job summaries and comments. GitHub takes 1 MiB a job summary:
 * the table ends before that and says how many findings it leaves out.
 * Sources  https://github.github.com/gfm/ ·
 *          https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
 */
import { oneLine } from '#base';
import { severities, type Report } from '#model';
import { cutText } from './cut-text.js';
import { flatFindings, type FlatFinding } from './flat-finding.js';
import { defineFormat } from './format.js';
import { markdownText } from './markdown-text.js';

export const markdown = defineFormat({
  id: 'markdown',
  title: 'Markdown, for job summaries',
  mediaType: 'text/markdown',
  extension: 'md',
  async *encode(report) {
    yield `## Security report: ${markdownText(report.artifactName)}\n\n${summary(report)}${notices(report)}`;
    yield* table(report);
  },
});

const gravestFirst = severities.toReversed();

function summary(report: Report): string {
  const total = { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0, UNKNOWN: 0 };
  let fixable = 0;
  for (const { severity, fixed } of flatFindings(report)) {
    total[severity]++;
    if (fixed) fixable++;
  }
  const counts = gravestFirst.map((severity) => total[severity]);
  if (counts.every((count) => count === 0)) return 'No findings.\n';
  return [
    `| ${gravestFirst.map((s) => s[0] + s.slice(1).toLowerCase()).join(' | ')} | With a fix |`,
    `|${' ---: |'.repeat(gravestFirst.length + 1)}`,
    `| ${counts.join(' | ')} | ${fixable} |\n\n`,
  ].join('\n');
}

const maxNotices = 20;

function notices({ diagnostics, results }: Report): string {
  const items = [
    ...results.filter(({ assessed }) => assessed === false).map(({ target }) => `${target}: no advisories compared`),
    ...diagnostics.filter((d) => d.severity !== 'info').map((d) => (d.path ? `${d.path}: ${d.message}` : d.message)),
  ];
  if (items.length === 0) return '';
  const more = items.length > maxNotices ? `\n- and ${items.length - maxNotices} more` : '';
  const list = items.slice(0, maxNotices).map((text) => `- ${markdownText(cutText(text, 300))}`);
  return `\n**Not everything could be assessed:**\n\n${list.join('\n')}${more}\n\n`;
}

const maxLength = 900_000;

function* table(report: Report): Generator<string> {
  let length = 0;
  let omitted = 0;
  for (const severity of gravestFirst)
    for (const found of flatFindings(report, severity)) {
      const text = length > maxLength ? '' : row(found);
      if (length === 0) yield head;
      length += Buffer.byteLength(text);
      if (length > maxLength) omitted++;
      else yield text;
    }
  if (omitted > 0) yield `\n${omitted} more findings are not listed here.\n`;
}

const head = `| Severity | Finding | Package or file | Installed | Fixed in | Target |
| --- | --- | --- | --- | --- | --- |
`;

function row({ severity, id, url, subject, installed, fixed, status, target, line, kind }: FlatFinding): string {
  const name = markdownText(oneLine(id));
  const cells = [
    severity === 'CRITICAL' || severity === 'HIGH' ? `**${severity}**` : severity,
    url ? `[${name}](${url.replaceAll('|', '%7C')})` : name,
    markdownText(cutText(subject, 200)) + (kind === 'secret' && line ? `&#58;${line}` : ''),
    markdownText(installed),
    markdownText(fixed || (status === 'unknown' ? '' : status.replaceAll('_', ' '))),
    markdownText(cutText(target, 200)),
  ];
  return `| ${cells.join(' | ')} |\n`;
}
