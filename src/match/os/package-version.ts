/** Versions of system packages as their package managers write them: `epoch:version-release`, a zero epoch left out. */
import type { Package } from '#model';

export function binaryVersion(pkg: Package): string {
  return written(pkg.epoch, pkg.version, pkg.release);
}

/** Empty when the package does not tell its source. */
export function sourceVersion({ source }: Package): string {
  return source ? written(source.epoch, source.version, source.release) : '';
}

/** An rpm version with a zero or unreadable epoch left out. */
export function withoutZeroEpoch(version: string): string {
  const colon = version.indexOf(':');
  if (colon < 0) return version;
  const epoch = Number.parseInt(version.slice(0, colon), 10);
  return epoch > 0 ? version : version.slice(colon + 1);
}

function written(epoch: number | undefined, version: string, release: string | undefined): string {
  if (!version) return '';
  const full = release ? `${version}-${release}` : version;
  return epoch ? `${epoch}:${full}` : full;
}
