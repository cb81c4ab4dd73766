/**
 * Packages in dpkg's database: var/lib/dpkg/status, and in distroless images one file a package in status.d.
 * Yields  every package that has files on the system (removed ones are left out), one for each name and version:
 *         the architectures of a multi-arch package are one. Dependencies by package name within the file.
 *         With the lists of files beside the database: the files that packages of the distribution own.
 * Errors  no name or version → `incomplete-record`; a version that is none → `invalid-version`; both are left out.
 *         An unreadable line of a file list → `invalid-file-list`.
 * Source  https://manpages.debian.org/bookworm/dpkg/dpkg.1.en.html, deb-control(5), deb-md5sums(5)
 */
import { compact, limits } from '#base';
import type { Package, SourceFile } from '#model';
import { defineExtractor, type ExtractContext, type Extraction } from '../extractor.js';
import { isFull } from '../package-set.js';
import { type ControlParagraph, controlParagraphs } from './deb-control.js';
import { splitDebVersion } from './deb-version.js';
import { dpkgOrigin } from './dpkg-vendor.js';
import { linesOf } from './line-scanner.js';
import { OwnedFiles } from './owned-files.js';

const wanted = ['architecture', 'depends', 'maintainer', 'package', 'source', 'status', 'version'];

export const dpkgStatus = defineExtractor({
  id: 'os/dpkg-status',
  type: 'os',
  name: 'dpkg',
  runsOn: 'everywhere',
  revision: 1,
  files: ['var/lib/dpkg/status', 'var/lib/dpkg/status.d/*'],
  companions: ['var/lib/dpkg/info/*.md5sums', 'var/lib/dpkg/status.d/*.md5sums'],
  accepts: (entry) => !entry.path.endsWith('.md5sums'),
  extract: (file, context) => readStatus(file, context),
});

interface Installed {
  readonly pkg: Package;
  /** Names it depends on; of alternatives all. */
  readonly depends: readonly string[];
}

function readStatus(file: SourceFile, context: ExtractContext): Extraction {
  const packages = new Map<string, Installed>();
  const idByName = new Map<string, string>();
  const owned = new OwnedFiles(context);
  const report: ExtractContext['report'] = (code, message, line) => context.report(code, message, line);
  for (const paragraph of controlParagraphs(file.text(), wanted, report)) {
    const found = readPackage(paragraph, context);
    if (!found) continue;
    const { pkg } = found;
    const installedFiles = pkg.origin === 'official' && !owned.full ? owned.take(filesOf(pkg, file, context)) : [];
    packages.set(pkg.id!, installedFiles.length > 0 ? { ...found, pkg: { ...pkg, installedFiles } } : found);
    idByName.set(pkg.name, pkg.id!);
    if (isFull(packages)) break;
  }
  return {
    packages: [...packages.values()].map((found) => withDependencies(found, idByName)),
    ownedFiles: owned.paths,
  };
}

function readPackage({ fields, line }: ControlParagraph, context: ExtractContext): Installed | undefined {
  const status = fields.get('status') ?? '';
  if (status.includes('deinstall') || status.includes('purge')) return undefined;
  const name = fields.get('package') ?? '';
  const written = fields.get('version') ?? '';
  if (name === '' || written === '') {
    context.report('incomplete-record', `${name || 'a package'} without ${name === '' ? 'name' : 'version'}`, line);
    return undefined;
  }
  const source = sourceOf(fields.get('source'), name, written);
  const own = splitDebVersion(written);
  const ofSource = splitDebVersion(source.version);
  if (!own || !ofSource) {
    context.report('invalid-version', `${name}: "${own ? source.version : written}" is no version`, line);
    return undefined;
  }
  const maintainer = fields.get('maintainer') ?? '';
  const pkg: Package = compact({
    id: `${name}@${written}`,
    name,
    ...parts(own),
    arch: fields.get('architecture') || undefined,
    source: { name: source.name, ...parts(ofSource) },
    maintainer: maintainer || undefined,
    origin: dpkgOrigin(maintainer),
  });
  return { pkg, depends: dependenciesIn(fields.get('depends') ?? '') };
}

const parts = (v: { epoch: number; version: string; release: string }) =>
  compact({ version: v.version, release: v.release || undefined, epoch: v.epoch || undefined });

/** `Source: name (version)`; each part absent when it equals the binary package's. */
function sourceOf(field: string | undefined, name: string, version: string): { name: string; version: string } {
  const words = /^([^\s(]*)(?:\s*\(([^)]*)\))?/.exec(field ?? '');
  return { name: words?.[1] || name, version: words?.[2]?.trim() || version };
}

/** Names only: `libc6 (>= 2.3), debconf | debconf-2.0`. */
function dependenciesIn(field: string): string[] {
  if (field === '') return [];
  return field.split(/[,|]/).map((dependency) => {
    const bracket = dependency.indexOf('(');
    return (bracket < 0 ? dependency : dependency.slice(0, bracket)).trim();
  });
}

function withDependencies({ pkg, depends }: Installed, idByName: ReadonlyMap<string, string>): Package {
  const ids = new Set(depends.flatMap((name) => idByName.get(name) ?? []));
  return ids.size > 0 ? { ...pkg, dependsOn: [...ids].sort() } : pkg;
}

/** With leading `/`. The list of a multi-arch package carries its architecture. */
function filesOf(pkg: Package, file: SourceFile, context: ExtractContext): string[] {
  const list =
    context.sibling(`var/lib/dpkg/info/${pkg.name}.md5sums`) ??
    context.sibling(`var/lib/dpkg/info/${pkg.name}:${pkg.arch ?? ''}.md5sums`) ??
    context.sibling(`${file.path}.md5sums`) ??
    context.sibling(`var/lib/dpkg/status.d/${pkg.name}.md5sums`);
  if (!list) return [];
  const files: string[] = [];
  let number = 0;
  for (const line of linesOf(list.text())) {
    number++;
    if (line === '') continue;
    const at = line.indexOf('  ');
    if (files.length > limits.ownedFiles) break;
    if (at > 0 && at + 2 < line.length) files.push(`/${line.slice(at + 2)}`);
    else context.report('invalid-file-list', `${list.path}: line ${number} has no digest and path`);
  }
  return files;
}
