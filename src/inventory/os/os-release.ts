/**
 * The operating system from os-release files.
 * Shape   shell-like assignments, one a line; single or double quotes around values.
 * Yields  family by `ID`, version by `VERSION_ID`. `ID_LIKE` does not count: a derivative has advisories of its own.
 *         Debian, Ubuntu and Amazon Linux are told by their own release files, which are more exact.
 * Errors  a known family without `VERSION_ID` → diagnostic `no-version`; other systems yield nothing.
 * Source  https://www.freedesktop.org/software/systemd/man/latest/os-release.html
 */
import type { OperatingSystem } from '#model';
import { defineExtractor } from '../extractor.js';
import { linesOf } from './line-scanner.js';

export const osRelease = defineExtractor({
  id: 'os/os-release',
  type: 'os',
  name: 'os-release',
  runsOn: 'everywhere',
  revision: 1,
  files: [
    'etc/os-release',
    'usr/lib/os-release',
    'aarch64-bottlerocket-linux-gnu/sys-root/usr/lib/os-release',
    'x86_64-bottlerocket-linux-gnu/sys-root/usr/lib/os-release',
  ],
  extract(file, context) {
    const fields = parseOsRelease(file.text());
    const family = familyOf(fields);
    if (family === undefined) return undefined;
    const name = fields.get('VERSION_ID') ?? '';
    if (name === '') {
      context.report('no-version', `${family} without VERSION_ID`);
      return undefined;
    }
    return { os: { family, name } satisfies OperatingSystem };
  },
});

export function parseOsRelease(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of linesOf(text)) {
    const equals = line.indexOf('=');
    if (equals < 1 || line.startsWith('#')) continue;
    fields.set(line.slice(0, equals).trim(), unquote(line.slice(equals + 1).trim()));
  }
  return fields;
}

function unquote(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && (value[start] === '"' || value[start] === "'")) start++;
  while (end > start && (value[end - 1] === '"' || value[end - 1] === "'")) end--;
  return value.slice(start, end);
}

/** Families by `ID`; other programs' bills of materials name systems by it, too. */
export const familiesById: ReadonlyMap<string, string> = new Map([
  ['activestate', 'activestate'],
  ['almalinux', 'alma'],
  ['alpine', 'alpine'],
  ['azurelinux', 'azurelinux'],
  ['bottlerocket', 'bottlerocket'],
  ['centos', 'centos'],
  ['chainguard', 'chainguard'],
  ['coreos', 'coreos'],
  ['echo', 'echo'],
  ['fedora', 'fedora'],
  ['mariner', 'cbl-mariner'],
  ['minimos', 'minimos'],
  ['ol', 'oracle'],
  ['opensuse', 'opensuse-leap'],
  ['opensuse-leap', 'opensuse-leap'],
  ['opensuse-tumbleweed', 'opensuse-tumbleweed'],
  ['photon', 'photon'],
  ['rhel', 'redhat'],
  ['rocky', 'rocky'],
  ['sl-micro', 'slem'],
  ['sle-micro', 'slem'],
  ['sle-micro-rancher', 'slem'],
  ['sles', 'sles'],
  ['wolfi', 'wolfi'],
]);

function familyOf(fields: ReadonlyMap<string, string>): string | undefined {
  const family = familiesById.get(fields.get('ID') ?? '');
  return family === 'centos' && fields.get('NAME') === 'CentOS Stream' ? 'centos-stream' : family;
}
