/**
 * Name, version and release out of an RPM file name: `bash-5.1.8-6.el9.src.rpm`.
 * Source  https://rpm-packaging-guide.github.io/#what-is-a-nevra
 */
export interface RpmFileName {
  readonly name: string;
  readonly version: string;
  readonly release: string;
}

/** Undefined when the text has not the shape `name-version-release.arch.rpm`. */
export function splitRpmFileName(text: string): RpmFileName | undefined {
  const stem = text.endsWith('.rpm') ? text.slice(0, -4) : text;
  const arch = stem.lastIndexOf('.');
  if (arch < 0) return undefined;
  const parts = splitNvr(stem.slice(0, arch));
  return parts?.name === '' ? undefined : parts;
}

/** `name-version-release`, from the right: names hold dashes, versions and releases do not. */
export function splitNvr(text: string): RpmFileName | undefined {
  const release = text.lastIndexOf('-');
  const version = release < 0 ? -1 : text.lastIndexOf('-', release - 1);
  if (version < 0) return undefined;
  return {
    name: text.slice(0, version),
    version: text.slice(version + 1, release),
    release: text.slice(release + 1),
  };
}
