/** A version with its epoch and release, as the tools of the distribution print it. */
interface Versioned {
  readonly version: string;
  readonly release?: string;
  readonly epoch?: number;
}

export function versionText({ version, release, epoch }: Versioned): string {
  if (!version) return '';
  return `${epoch ? `${epoch}:` : ''}${version}${release ? `-${release}` : ''}`;
}
