/**
 * Platforms of images: `os/arch[/variant][:os-version]`, and the choice of one from an index.
 * https://github.com/opencontainers/image-spec/blob/main/image-index.md — names are Go's GOOS and GOARCH.
 */
import { compact, PratiqueError } from '#base';
import type { Descriptor, Platform } from './descriptor.js';

export const defaultPlatform: Platform = { os: 'linux', architecture: 'amd64' };

/** `os` is `*` for any. Throws `platform/invalid`. */
export function parsePlatform(text: string): Platform {
  const fail = new PratiqueError('platform/invalid', { platform: text });
  const [names = '', osVersion] = text.trim().split(':', 2);
  const parts = names.split('/');
  if (parts.length < 2 || parts.length > 3 || !parts.every((part) => /^(\*|[\w.-]{1,64})$/.test(part))) throw fail;
  const [os, architecture, variant] = parts as [string, string, string?];
  if (architecture === '*' || variant === '*') throw fail;
  return { os: os.toLowerCase(), ...compact({ ...canonical(architecture, variant), osVersion }) };
}

/** The first entry of the index for the platform. Throws `registry/no-platform` that lists what there is. */
export function selectPlatform(
  index: { readonly manifests: readonly Descriptor[] },
  wanted: Platform,
  name: string,
): Descriptor {
  // An entry that names no platform is taken for the default one, as image tools do.
  const found = index.manifests.find((entry) => platformFits(entry.platform ?? defaultPlatform, wanted));
  if (found) return found;
  const available = index.manifests.flatMap(({ platform }) =>
    platform && platform.os !== 'unknown' ? [platformText(platform)] : [],
  );
  throw new PratiqueError('registry/no-platform', {
    name,
    platform: platformText(wanted),
    available: available.length > 0 ? available.slice(0, 20).join(', ') : 'none',
  });
}

export function platformText({ os, architecture, variant, osVersion }: Platform): string {
  return `${os}/${architecture}${variant ? `/${variant}` : ''}${osVersion ? `:${osVersion}` : ''}`;
}

/** Whether what is for the one may serve for the other. */
export function platformFits(given: Platform, wanted: Platform): boolean {
  const a = canonical(given.architecture, given.variant);
  const b = canonical(wanted.architecture, wanted.variant);
  return (
    (wanted.os === '*' ? given.os !== 'unknown' : given.os === wanted.os) &&
    a.architecture === b.architecture &&
    (b.variant === undefined || a.variant === b.variant) &&
    (wanted.osVersion === undefined || given.osVersion === wanted.osVersion)
  );
}

const architectures: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  i386: '386',
  armhf: 'arm',
};

/** Other spellings of the same machine become one; v8 is the only variant plain arm64 can mean. */
function canonical(architecture: string, variant: string | undefined): { architecture: string; variant?: string } {
  const lower = architecture.toLowerCase();
  const name = Object.hasOwn(architectures, lower) ? architectures[lower]! : lower;
  const kept = name === 'arm64' && variant === 'v8' ? undefined : variant;
  return { architecture: name, ...compact({ variant: kept }) };
}
