/**
 * FIRST's estimates of how likely a vulnerability is to be exploited within 30 days (EPSS).
 * Reads   `epss_scores-….csv`, also compressed with gzip: a comment with the date, then the columns `cve`, `epss` and
 *         `percentile`, in any order; numbers from 0 to 1.
 * Yields  probability and percentile per CVE.
 * Limits  512 MiB of text.
 * Errors  FormatError without those columns or for damaged compression; a problem for a row of another shape.
 * Source  https://www.first.org/epss/data_stats
 */
import { FormatError, zlib } from '#base';
import { defineAdvisorySource, type Statement } from './advisory-source.js';
import { isCve } from './vulnerability-id.js';

const textLimit = 512 * 1024 * 1024;

export const firstEpss = defineAdvisorySource({
  id: 'first-epss',
  title: 'FIRST Exploit Prediction Scoring System',
  url: 'https://www.first.org/epss/',
  license: 'free of charge, with attribution to FIRST',
  feed: 'epss',
  files: /(?:^|\/)epss_scores-[\w-]+\.csv(?:\.gz)?$/,
  buckets: [],
  async *parse(file) {
    const bytes = await file.bytes();
    yield* statementsOf(new TextDecoder().decode(file.path.endsWith('.gz') ? expand(bytes) : bytes));
  },
});

function expand(bytes: Uint8Array): Uint8Array {
  try {
    return zlib().gunzipSync(bytes, { maxOutputLength: textLimit });
  } catch (cause) {
    throw new FormatError('damaged compression, or too large', { cause });
  }
}

function* statementsOf(text: string): Generator<Statement> {
  const lines = text.split(/\r?\n/);
  const date = /^#.*\bscore_date:(\d{4}-\d\d-\d\d)/.exec(lines[0] ?? '')?.[1];
  if (date) yield { kind: 'dated', date };
  const start = lines.findIndex((line) => !line.startsWith('#'));
  const header = (lines[start] ?? '').split(',');
  const [idAt, scoreAt, percentileAt] = ['cve', 'epss', 'percentile'].map((name) => header.indexOf(name));
  if ([idAt, scoreAt, percentileAt].includes(-1)) throw new FormatError('not a table of cve, epss and percentile');
  for (const [i, line] of lines.entries()) {
    if (i <= start || line === '') continue;
    const cells = line.split(',');
    const id = cells[idAt!] ?? '';
    const score = portion(cells[scoreAt!]);
    const percentile = portion(cells[percentileAt!]);
    if (!isCve(id) || score === undefined || percentile === undefined)
      yield { kind: 'problem', message: `line ${i + 1}: not a row of this table` };
    else yield { kind: 'probability', id, score, percentile };
  }
}

/** From 0 to 1. */
function portion(text = ''): number | undefined {
  const value = /^\d(?:\.\d+)?(?:e-\d+)?$/i.test(text) ? Number(text) : NaN;
  return value >= 0 && value <= 1 ? value : undefined;
}
