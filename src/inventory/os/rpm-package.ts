/**
 * One package from the tags of its RPM header.
 * Yields  the package without its dependencies, the names it provides and requires, the files it owns.
 * Limits  64 MiB of installed file names a package: a few bytes of header can name many long paths.
 * Errors  `FormatError` for damaged tags or a header without name and version.
 * Source  https://rpm-software-management.github.io/rpm/manual/tags.html
 */
import { compact, FormatError, LimitError } from '#base';
import { parseRpmHeader, type RpmHeader, rpmTag } from '#formats';
import type { Package, SourcePackage } from '#model';
import { splitRpmFileName } from './rpm-name.js';
import { rpmOrigin } from './rpm-vendor.js';

const MAX_FILE_NAMES = 64 * 1024 * 1024;

export interface RpmPackage {
  readonly pkg: Package;
  readonly provides: readonly string[];
  readonly requires: readonly string[];
  /** The source package's file name could not be read. */
  readonly unknownSource?: string;
}

export function readRpmPackage(blob: Uint8Array): RpmPackage {
  const header = parseRpmHeader(blob);
  const text = (tag: Parameters<RpmHeader['string']>[0]): string => present(header.string(tag) ?? '');
  const [name, version, release] = [text(rpmTag.name), text(rpmTag.version), text(rpmTag.release)];
  if (name === '' || version === '') throw new FormatError('RPM header without name or version');
  const arch = text(rpmTag.arch);
  const epoch = header.numbers(rpmTag.epoch)[0] ?? 0;
  const vendor = text(rpmTag.vendor);
  const license = text(rpmTag.license);
  const md5 = header.binary(rpmTag.signatureMd5);
  const origin = rpmOrigin(vendor, release);
  // Files of others are not the system's: what lies in them is assessed on its own.
  const files = origin === 'official' ? installedFiles(header) : [];
  const sourceRpm = text(rpmTag.sourceRpm);
  const source = sourceRpm === '' ? undefined : splitRpmFileName(sourceRpm);
  const pkg: Package = compact({
    id: `${name}@${version}-${release}.${arch}`,
    name,
    version,
    release: release || undefined,
    epoch: epoch || undefined,
    // As rpm prints the tag when it is not there.
    arch: arch || 'None',
    source: sourceOf(source, epoch),
    licenses: license === '' ? undefined : [license],
    maintainer: vendor || undefined,
    modularityLabel: text(rpmTag.modularityLabel) || undefined,
    origin,
    digest: md5?.length ? `md5:${Buffer.from(md5).toString('hex')}` : undefined,
    installedFiles: files.length > 0 ? files : undefined,
  });
  return compact({
    pkg,
    provides: header.strings(rpmTag.provideName),
    requires: header.strings(rpmTag.requireName),
    unknownSource: sourceRpm !== '' && !source ? sourceRpm : undefined,
  });
}

/** rpm's word for an unset tag in listings, which rebuilt databases may hold as text. */
const present = (value: string): string => (value === '(none)' ? '' : value);

/** Source packages have no epoch of their own; the binary's stands for it, even when the source is unknown. */
function sourceOf(source: Omit<SourcePackage, 'epoch'> | undefined, epoch: number): SourcePackage | undefined {
  if (!source) return epoch === 0 ? undefined : { name: '', version: '', epoch };
  return compact({ ...source, epoch: epoch || undefined });
}

/** Names are stored as directories, base names, and the directory of each base name; long ago as whole paths. */
function installedFiles(header: RpmHeader): readonly string[] {
  const names = header.strings(rpmTag.baseNames);
  if (names.length === 0) return header.strings(rpmTag.oldFileNames);
  const directories = header.strings(rpmTag.directoryNames);
  const indexes = header.numbers(rpmTag.directoryIndexes);
  let length = 0;
  return names.map((name, i) => {
    const directory = directories[indexes[i] ?? -1];
    if (directory === undefined) throw new FormatError('RPM header: a file without directory');
    length += directory.length + name.length;
    if (length > MAX_FILE_NAMES) throw new LimitError('file names of one package', MAX_FILE_NAMES);
    return directory + name;
  });
}
