/**
 * Version and family of Red Hat Enterprise Linux and its relatives from their release files.
 * Shape   `<product> release <version> (<code name>)`, e.g. `Rocky Linux release 8.5 (Green Obsidian)`.
 *         etc/redhat-release is in all of them, with the product's own name; a product unknown to us is Red Hat.
 * Errors  a file without such a line → diagnostic `no-version`.
 * Source  https://access.redhat.com/articles/3078
 */
import { defineExtractor } from '../extractor.js';
import { linesOf } from './line-scanner.js';

const families: ReadonlyMap<string, string> = new Map([
  ['alma', 'alma'],
  ['alma linux', 'alma'],
  ['almalinux', 'alma'],
  ['centos', 'centos'],
  ['centos linux', 'centos'],
  ['fedora', 'fedora'],
  ['fedora linux', 'fedora'],
  ['oracle', 'oracle'],
  ['oracle linux', 'oracle'],
  ['oracle linux server', 'oracle'],
  ['rocky', 'rocky'],
  ['rocky linux', 'rocky'],
]);

/** Files of one product say nothing about others: CentOS Stream's etc/centos-release is not CentOS. */
const familyOfFile: ReadonlyMap<string, string> = new Map([
  ['etc/almalinux-release', 'alma'],
  ['etc/centos-release', 'centos'],
  ['etc/fedora-release', 'fedora'],
  ['etc/oracle-release', 'oracle'],
  ['etc/rocky-release', 'rocky'],
  ['usr/lib/fedora-release', 'fedora'],
]);

export const redhatRelease = defineExtractor({
  id: 'os/redhat-release',
  type: 'os',
  name: 'redhat',
  runsOn: 'everywhere',
  revision: 1,
  files: ['etc/redhat-release', ...familyOfFile.keys()],
  extract(file, context) {
    const release = parseRelease(file.text());
    if (!release) {
      context.report('no-version', 'no line of the form "<product> release <version>"');
      return undefined;
    }
    const expected = familyOfFile.get(file.path);
    const family = families.get(release.product) ?? (expected ? undefined : 'redhat');
    return family && (!expected || family === expected) ? { os: { family, name: release.version } } : undefined;
  },
});

function parseRelease(text: string): { product: string; version: string } | undefined {
  for (const line of linesOf(text)) {
    const at = line.lastIndexOf(' release ');
    const version = at < 0 ? null : /^\d[\d.]*/.exec(line.slice(at + ' release '.length));
    if (version) return { product: line.slice(0, at).toLowerCase(), version: version[0] };
  }
  return undefined;
}
