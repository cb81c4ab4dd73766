// A vulnerability database of two advisories for each of a hundred packages, from so many hours ago.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeBolt } from '../../dist/advisories/index.js';

export const PACKAGES = 100;
export const RELEASE = '3.23';
const hour = 3_600_000;

export function writeAdvisories(cacheDir, age) {
  const json = (value) => Buffer.from(JSON.stringify(value));
  const names = Array.from({ length: PACKAGES }, (_, i) => `package-${String(i).padStart(3, '0')}`);
  const ids = (i) => [`CVE-2099-${1000 + 2 * i}`, `CVE-2099-${1001 + 2 * i}`];
  const details = (id, i) =>
    json({
      Title: `package-${i}: reads past the end of what it was given`,
      Description: `The package does what it should not do when it is given what it does not expect. `.repeat(6),
      VendorSeverity: { nvd: 1 + (i % 4) },
      References: Array.from({ length: 8 }, (_, n) => `https://example.org/${id}/${n}`),
      PublishedDate: '2026-01-01T00:00:00Z',
      LastModifiedDate: '2026-02-01T00:00:00Z',
    });
  const fixed = (i) => json({ FixedVersion: `1.${i}.9-r0` });
  const tree = [
    [`alpine ${RELEASE}`, names.map((name, i) => [name, ids(i).map((id) => [id, fixed(i)])])],
    ['vulnerability', names.flatMap((_, i) => ids(i).map((id) => [id, details(id, i)])).sort(byName)],
  ];
  const at = (hours) => new Date(Date.now() - hours * hour).toISOString();
  mkdirSync(join(cacheDir, 'db'), { recursive: true });
  writeBolt(join(cacheDir, 'db/trivy.db'), tree);
  const times = { NextUpdate: at(age - 24), UpdatedAt: at(age), DownloadedAt: at(0) };
  writeFileSync(join(cacheDir, 'db/metadata.json'), JSON.stringify({ Version: 2, ...times }));
}

const byName = ([a], [b]) => (a < b ? -1 : 1);
