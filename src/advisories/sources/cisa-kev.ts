/**
 * CISA's catalogue of vulnerabilities that are known to be exploited.
 * Reads   `known_exploited_vulnerabilities.json`.
 * Yields  when each was added and by when federal agencies must act; whether ransomware used it.
 * Errors  FormatError without entries; a problem for an entry without id or date.
 * Source  https://www.cisa.gov/known-exploited-vulnerabilities-catalog
 */
import { FormatError } from '#base';
import { listOf, textOf } from '#formats';
import { defineAdvisorySource, type Statement } from './advisory-source.js';
import { parseFeedJson } from './parse-feed.js';
import { isCve } from './vulnerability-id.js';

export const cisaKev = defineAdvisorySource({
  id: 'cisa-kev',
  title: 'CISA Known Exploited Vulnerabilities Catalog',
  url: 'https://github.com/cisagov/kev-data',
  license: 'CC0-1.0',
  feed: 'kev',
  files: /(?:^|\/)known_exploited_vulnerabilities\.json$/,
  buckets: [],
  async *parse(file) {
    const catalogue = parseFeedJson(await file.text());
    const entries = listOf(catalogue, 'vulnerabilities');
    if (entries.length === 0) throw new FormatError('no vulnerabilities');
    const released = textOf(catalogue, 'dateReleased');
    if (released) yield { kind: 'dated', date: released };
    for (const entry of entries) yield statementOf(entry);
  },
});

const isDate = (text: string | undefined): text is string => /^\d{4}-\d\d-\d\d$/.test(text ?? '');

function statementOf(entry: unknown): Statement {
  const id = textOf(entry, 'cveID') ?? '';
  const added = textOf(entry, 'dateAdded');
  const due = textOf(entry, 'dueDate');
  if (!isCve(id) || !isDate(added)) return { kind: 'problem', message: `${id || 'an entry'}: no CVE id or no date` };
  const ransomware = textOf(entry, 'knownRansomwareCampaignUse') === 'Known';
  return { kind: 'exploited', id, added, ...(isDate(due) && { due }), ...(ransomware && { ransomware }) };
}
