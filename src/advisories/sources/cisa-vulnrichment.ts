/**
 * Facts of CVE records, with those that CISA adds (Vulnrichment).
 * Reads   `cve-facts.tsv`, also compressed with xz: a table with the columns id, published, modified, state, cwes, cvss
 *         (`provider=vector`, separated by spaces; providers are `cna`, who assigned the id, and `cisa-adp`), exploitation,
 *         automatable, technical_impact (SSVC), in any order; times are UTC, RFC 3339 without the zone.
 * Yields  details and decision points per CVE.
 * Errors  FormatError without those columns; a problem for a row of other length or id.
 * Source  https://github.com/cisagov/vulnrichment · https://github.com/CVEProject/cve-schema
 */
import { compact, FormatError } from '#base';
import { decompressXz } from '#formats';
import { defineAdvisorySource, type Rating, type Statement } from './advisory-source.js';
import { isCve } from './vulnerability-id.js';

const columns = [
  'id',
  'published',
  'modified',
  'state',
  'cwes',
  'cvss',
  'exploitation',
  'automatable',
  'technical_impact',
] as const;
type Row = Readonly<Record<(typeof columns)[number], string>>;

/** Bytes; all CVE records there are would need a tenth of it. */
const tableLimit = 512 * 1024 * 1024;

export const cisaVulnrichment = defineAdvisorySource({
  id: 'cisa-vulnrichment',
  title: 'CISA Vulnrichment',
  url: 'https://github.com/cisagov/vulnrichment',
  license: 'CC0-1.0',
  feed: 'cve-facts.tsv',
  files: /(?:^|\/)cve-facts\.tsv(?:\.xz)?$/,
  buckets: [],
  async *parse(file) {
    const text = file.path.endsWith('.xz')
      ? new TextDecoder().decode(await decompressXz(await file.bytes(), tableLimit))
      : await file.text();
    yield* rowsOf(text);
  },
});

function* rowsOf(text: string): Generator<Statement> {
  const lines = text.split(/\r?\n/);
  const header = (lines[0] ?? '').split('\t');
  const places = columns.map((column) => header.indexOf(column));
  if (places.includes(-1)) throw new FormatError(`the column ${columns[places.indexOf(-1)]} is missing`);
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line === '') continue;
    const cells = line.split('\t');
    const row = Object.fromEntries(columns.map((column, i) => [column, cells[places[i]!] ?? ''])) as Row;
    if (cells.length !== header.length || !isCve(row.id))
      yield { kind: 'problem', message: `line ${index + 1}: not a row of this table` };
    else yield* statementsOf(row);
  }
}

function* statementsOf(row: Row): Generator<Statement> {
  const { id, exploitation, automatable } = row;
  if (row.state === 'REJECTED') return yield { kind: 'details', id, rejected: true };
  const modified = instantOf(row.modified);
  if (modified) yield { kind: 'dated', date: modified };
  const weaknesses = row.cwes.split(/[ ,]+/).filter((cwe) => /^CWE-\d{1,5}$/.test(cwe));
  yield compact({
    kind: 'details' as const,
    id,
    ratings: ratingsOf(row.cvss),
    weaknesses,
    published: instantOf(row.published),
    modified,
  });
  if (exploitation)
    yield {
      kind: 'decision',
      id,
      exploitation: exploitation.toLowerCase(),
      automatable: automatable.toLowerCase(),
      technicalImpact: row.technical_impact.toLowerCase(),
    };
}

function ratingsOf(cell: string): readonly Rating[] {
  const byProvider = new Map<string, string[]>();
  for (const item of cell.split(' ')) {
    const [, provider, vector] = /^([a-z][a-z0-9-]{0,40})=(\S{1,400})$/.exec(item) ?? [];
    if (!provider || !vector) continue;
    const vectors = byProvider.get(provider);
    if (vectors) vectors.push(vector);
    else byProvider.set(provider, [vector]);
  }
  return [...byProvider].map(([provider, vectors]) => ({ provider, vectors }));
}

function instantOf(text: string): string | undefined {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) ? `${text}Z` : undefined;
}
