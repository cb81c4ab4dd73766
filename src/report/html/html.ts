/**
 * `html`: one page that holds all it needs: a summary, a table to sort and filter, and the details of each finding.
 * It asks no server for anything: its policy forbids it. Names are text; details are JSON that ends no element.
 * Sources  https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements ·
 *          https://www.w3.org/TR/CSP3/
 */
import { createHash } from 'node:crypto';
import type { Report } from '#model';
import { defineFormat, type FormatOptions } from '../format.js';
import { markupText } from '../markup-text.js';
import { programName } from '../program-name.js';
import { findingsTable } from './findings-table.js';
import { pageSummary } from './page-summary.js';
import { script } from './script.js';
import { style } from './style.js';
import { suppressedList } from './suppressed-list.js';

export const html = defineFormat({
  id: 'html',
  title: 'one page for people, to sort and filter without network',
  mediaType: 'text/html',
  extension: 'html',
  async *encode(report, options) {
    yield head(report);
    yield pageSummary(report, options);
    yield* findingsTable(report);
    if (options.showSuppressed) yield* suppressedList(report);
    yield foot(report, options);
  },
});

const sourceHash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

function head({ artifactName }: Report): string {
  const policy = [
    "default-src 'none'",
    `style-src ${sourceHash(style)}`,
    `script-src ${sourceHash(script)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${markupText(artifactName)} – security report</title>
<style>${style}</style>
</head>
<body>
`;
}

function foot(report: Report, { version }: FormatOptions): string {
  const { database } = report;
  const feeds = database?.updatedAt ? ` Advisories as of ${markupText(database.updatedAt)}.` : '';
  return `</main>
<footer>Made by ${programName} ${markupText(version)}.${feeds}</footer>
<script>${script}</script>
</body>
</html>
`;
}
