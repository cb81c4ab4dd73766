/**
 * The Go vulnerability database.
 * Reads   `GO-YYYY-NNNN.json` in the OSV format; `ecosystem_specific.imports` with the systems an import concerns.
 * Yields  advisories of all modules. The reference keeps only the standard library and golang.org/x of this source,
 *         since it has the rest from GitHub, whose database is not read here.
 *         Where the versions of a repository are not those of its module, `ranges` has no end and `custom_ranges` says
 *         when the repository was fixed; then the latter are taken, as GitHub's database has them too.
 * Source  https://go.dev/doc/security/vuln/database
 */
import { fieldOf, listOf, textOf } from '#formats';
import type { StoredAdvisory } from '#model';
import { defineAdvisorySource } from './advisory-source.js';
import { osvStatements, unionOver } from './osv-entry.js';
import { parseFeedJson } from './parse-feed.js';

export const govulndb = defineAdvisorySource({
  id: 'govulndb',
  title: 'The Go Vulnerability Database',
  url: 'https://pkg.go.dev/vuln/',
  license: 'CC-BY-4.0',
  feed: 'go',
  files: /(?:^|\/)GO-\d{4}-\d+\.json$/,
  buckets: ['go::The Go Vulnerability Database'],
  scheme: 'generic',
  async *parse(file) {
    yield* osvStatements(parseFeedJson(await file.text()), {
      provider: 'govulndb',
      ecosystem: 'Go',
      bucket: 'go::The Go Vulnerability Database',
      scheme: 'generic',
      // Pseudo-versions (v0.0.0-2020…) come before 0.
      everything: '>=0.0.0-0',
      normalize: (name) => name,
      rangesOf,
      extrasOf,
    });
  },
});

function rangesOf(affected: unknown): readonly unknown[] {
  const ranges = listOf(affected, 'ranges');
  const custom = listOf(affected, 'ecosystem_specific', 'custom_ranges');
  return custom.length > 0 && ranges.every(isEverything) ? custom : ranges;
}

function isEverything(range: unknown): boolean {
  const events = listOf(range, 'events');
  return events.length === 1 && textOf(events[0], 'introduced') === '0';
}

function extrasOf(affected: unknown): StoredAdvisory {
  const imports = listOf(fieldOf(affected, 'ecosystem_specific'), 'imports');
  const systems = unionOver(imports, 'goos');
  const architectures = unionOver(imports, 'goarch');
  return { ...(systems.length > 0 && { OSes: systems }), ...(architectures.length > 0 && { Arches: architectures }) };
}
