/**
 * The manifest of a Java archive: what it says of group, artifact, version and licenses.
 * Reads   `Key: value` lines; a line that starts with a blank continues the one before. The main section counts before
 *         the sections of packages.
 * Yields  values as far as they are there; `%key` stands for a translation and is no value.
 * Errors  none.
 * Source  https://docs.oracle.com/en/java/javase/21/docs/specs/jar/jar.html#jar-manifest and
 *         https://docs.osgi.org/specification/osgi.core/8.0.0/framework.module.html#framework.module-bundle-license
 */
import { normalizeLicense } from '#formats';

export interface ManifestCoordinates {
  readonly group?: string;
  readonly artifact?: string;
  readonly version?: string;
}

export type Manifest = ReadonlyMap<string, string>;

export function parseManifest(text: string): Manifest {
  const attributes = new Map<string, string>();
  const unfolded = text.replace(/\r\n?/g, '\n').replace(/\n /g, '');
  for (const line of unfolded.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const key = line.slice(0, colon).toLowerCase();
    if (!attributes.has(key)) attributes.set(key, line.slice(colon + 1).trim());
  }
  return attributes;
}

export function coordinatesOf(manifest: Manifest): ManifestCoordinates {
  const first = (...keys: readonly string[]): string | undefined =>
    keys.map((key) => manifest.get(key)).find((value) => value !== undefined && value !== '' && !value.startsWith('%'));
  const group =
    first('implementation-vendor-id') ??
    withoutLast(first('bundle-symbolicname')) ??
    first('implementation-vendor') ??
    first('specification-vendor');
  const artifact = first('implementation-title', 'specification-title', 'bundle-name');
  const version = first('implementation-version', 'specification-version', 'bundle-version');
  return {
    ...(group !== undefined && { group }),
    ...(artifact !== undefined && { artifact }),
    ...(version !== undefined && { version }),
  };
}

/** `org.example.core;singleton:=true` → `org.example` */
function withoutLast(symbolicName: string | undefined): string | undefined {
  const name = symbolicName?.replace(/;.*$/s, '').trim();
  const dot = name?.lastIndexOf('.') ?? -1;
  return dot > 0 ? name?.slice(0, dot) : name;
}

export function licensesOf(manifest: Manifest): readonly string[] {
  const plugin = manifest.get('plugin-license-name');
  if (plugin) return [normalizeLicense(plugin)];
  // Quoted parts may hold commas.
  const clauses = (manifest.get('bundle-license') ?? '').match(/(?:"[^"]*"|[^",])+/g) ?? [];
  return clauses.map((clause) => nameOf(clause.replace(/;.*$/s, '').trim())).filter((name) => name !== '');
}

/** Bundles may give the address of a license for its name. */
function nameOf(license: string): string {
  const plain = license.replace(/^"|"$/g, '');
  if (plain === '<<EXTERNAL>>') return '';
  if (!/^https?:/i.test(plain)) return normalizeLicense(plain);
  return addresses.find(([pattern]) => pattern.test(plain))?.[1] ?? '';
}

const addresses: readonly (readonly [RegExp, string])[] = [
  [/apache\.org\/licenses\/LICENSE-2\.0/i, 'Apache-2.0'],
  [/eclipse\.org\/legal\/epl-(?:v10|1\.0)/i, 'EPL-1.0'],
  [/eclipse\.org\/(?:legal\/epl-|org\/documents\/epl-)(?:v20|2\.0)/i, 'EPL-2.0'],
  [/opensource\.org\/licenses\/mit/i, 'MIT'],
  [/mozilla\.org\/MPL\/2\.0/i, 'MPL-2.0'],
];
