/**
 * The manifest of a VEX repository: where its archives are, and how often to ask for new ones.
 * Errors  `FormatError` naming the field.
 * Source  https://github.com/aquasecurity/vex-repo-spec (version 0.1)
 */
import { FormatError } from '#base';
import { fieldOf, listOf, parseLocatedJson, textOf } from '#formats';
import { isWebAddress } from './vex-repository-list.js';

/** The version of the specification that is read, and the directory its data has in the cache. */
export const specVersion = '0.1';

export interface VexManifest {
  readonly locations: readonly VexLocation[];
  /** Milliseconds. */
  readonly updateInterval: number;
}

export interface VexLocation {
  readonly url: string;
  /** Inside the archive; empty for its top. */
  readonly directory: string;
}

/** `base` is the address that the manifest came from. */
export function parseVexManifest(text: string, base: string): VexManifest {
  const { root } = parseLocatedJson(text);
  const versions = listOf(root, 'versions');
  const version = versions.find((one) => textOf(one, 'spec_version') === specVersion);
  if (!version) {
    const others = versions.map((one) => textOf(one, 'spec_version') ?? '?').join(', ');
    throw new FormatError(`versions: ${specVersion} is needed, there is ${others || 'none'}`);
  }
  const at = `versions[${versions.indexOf(version)}]`;
  const locations = listOf(version, 'locations').map((one, i) =>
    locationOf(textOf(one, 'url'), `${at}.locations[${i}]`),
  );
  if (locations.length === 0) throw new FormatError(`${at}.locations is empty`);
  for (const { url } of locations)
    if (base.startsWith('https:') && url.startsWith('http:'))
      throw new FormatError(`${at}.locations: ${url} is less safe than the manifest's own address`);
  return { locations, updateInterval: intervalOf(fieldOf(version, 'update_interval')) };
}

/** `https://host/file.tar.gz//directory` */
function locationOf(text: string | undefined, at: string): VexLocation {
  if (text === undefined || !isWebAddress(text)) throw new FormatError(`${at}.url is not a web address`);
  const [, url = text, directory = ''] = /^([a-z]+:\/\/.*?)\/\/([^?#]*)$/.exec(text) ?? [];
  return { url, directory: directory.replace(/^\/+|\/+$/g, '') };
}

const day = 86_400_000;
const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000 };

/** `24h`, `1h30m`; a day where it is none. */
function intervalOf(value: unknown): number {
  if (typeof value !== 'string' || !/^(?:\d{1,6}[hms])+$/.test(value)) return day;
  return [...value.matchAll(/(\d+)([hms])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * units[unit!]!, 0);
}
