/** The secrets of one file in the table format: what, where, and the lines around it with the secret hidden. */
import type { CodeLine, Result, Secret, Severity } from '#model';
import { oneLine } from '#base';
import type { FormatOptions } from './format.js';

const plainWidth = 40;

/** `counts` are the findings by severity; `paint` colors a severity. */
export function secretDetails(
  { target, secrets = [] }: Result,
  counts: string,
  { width = plainWidth }: FormatOptions,
  paint: (text: string, severity: Severity) => string,
): string {
  const heading = `${oneLine(target)} (secrets)`;
  const rule = (line: string): string => line.repeat(width);
  const blocks = secrets.map((secret) =>
    [
      `${paint(secret.severity, secret.severity)}: ${oneLine(secret.category)} (${oneLine(secret.ruleId)})`,
      rule('═'),
      oneLine(secret.title),
      rule('─'),
      ...(secret.code.length > 0 ? [place(target, secret), rule('─'), ...codeLines(secret), rule('─')] : []),
      '',
      '',
      '',
    ].join('\n'),
  );
  return `\n${heading}\n${'='.repeat(heading.length)}\nTotal: ${secrets.length} (${counts})\n\n${blocks.join('')}`;
}

const maxOrigin = 40;

function place(target: string, { startLine, endLine, offset, layer }: Secret): string {
  const lines = endLine > startLine ? `${startLine}-${endLine}` : String(startLine);
  const origin = layer?.createdBy
    ? ` (added by '${oneLine(layer.createdBy.slice(0, maxOrigin))}')`
    : layer?.diffId
      ? ` (added in layer '${layer.diffId.replace(/^sha256:/, '').slice(0, 12)}')`
      : '';
  return ` ${oneLine(target)}:${lines}${offset ? ` (offset: ${offset} bytes)` : ''}${origin}`;
}

function codeLines({ code }: Secret): string[] {
  return code.map((line) => `${String(line.number).padStart(4)} ${mark(line, code.length)} ${oneLine(line.content)}`);
}

/** The lines of the secret are joined by a bracket. */
function mark({ isCause, firstCause, lastCause }: CodeLine, lines: number): string {
  if (!isCause) return ' ';
  if ((firstCause && lastCause) || lines === 1) return '[';
  if (firstCause) return '┌';
  return lastCause ? '└' : '│';
}
