/**
 * The package UID of the report: a 64-bit FNV-1 hash over the package as its extractor produced it.
 * Shape of the hash: structures, slices and maps fold as the hashstructure format V2 does with zero values ignored,
 * over the field names and order-independent XOR described at https://pkg.go.dev/github.com/mitchellh/hashstructure/v2.
 * A 64-bit number is a pair of 32-bit halves here, since BigInt is an order of magnitude slower.
 */
import { decodePurl } from '#formats';
import type { Package } from '#model';

type Hash = readonly [high: number, low: number];
type Value = string | number | boolean | readonly Value[] | Structure | undefined;
interface Structure {
  readonly type: string;
  /** Names and values by turns. */
  readonly fields: readonly Value[];
}

const offsetHigh = 0xcbf29ce4;
const offsetLow = 0x84222325;
const encoder = new TextEncoder();
const relationships = [undefined, 'root', 'workspace', 'direct', 'indirect'];

/** Hex without padding. `applicationPath` is blank for OS packages. */
export function packageUid(pkg: Package, applicationPath: string): string {
  return hex(
    finish(
      xor(
        pair(constantHash('filePath'), hashString(applicationPath)),
        pair(constantHash('pkg'), hashStructure(structureOf(pkg))),
      ),
    ),
  );
}

/** Hex without padding: the same hash over a map of texts. */
export function textMapHash(texts: Readonly<Record<string, string>>): string {
  const entries = Object.entries(texts).map(([key, value]) => pair(hashString(key), hashString(value)));
  return hex(finish(entries.reduce(xor, [0, 0])));
}

function hex([high, low]: Hash): string {
  const bottom = (low >>> 0).toString(16);
  return high === 0 ? bottom : (high >>> 0).toString(16) + bottom.padStart(8, '0');
}

function structureOf(pkg: Package): Structure {
  const { source, layer } = pkg;
  // prettier-ignore
  const fields = [
    'ID', pkg.id,
    'Name', pkg.name,
    'Identifier', identifierOf(pkg),
    'Version', pkg.version,
    'Release', pkg.release,
    'Epoch', pkg.epoch,
    'Arch', pkg.arch,
    'Dev', pkg.dev,
    'SrcName', source?.name,
    'SrcVersion', source?.version,
    'SrcRelease', source?.release,
    'SrcEpoch', source?.epoch,
    'Licenses', pkg.licenses,
    'Maintainer', pkg.maintainer,
    'Modularitylabel', pkg.modularityLabel,
    'Repository', pkg.origin && { type: 'PackageRepository', fields: ['Class', pkg.origin] },
    'Indirect', pkg.relationship === 'indirect',
    'Relationship', pkg.relationship && relationships.indexOf(pkg.relationship),
    'DependsOn', pkg.dependsOn,
    'Layer', layer && { type: 'Layer', fields: ['Digest', layer.digest, 'DiffID', layer.diffId] },
    'FilePath', pkg.path,
    'Digest', pkg.digest,
    'Locations', pkg.locations?.map(({ start, end }) => ({ type: 'Location', fields: ['StartLine', start, 'EndLine', end] })),
    'InstalledFiles', pkg.installedFiles,
    'AnalyzedBy', pkg.analyzedBy,
  ];
  return { type: 'Package', fields };
}

/** Only packages of bills of materials have a reference, and their package URL, when they are found. */
function identifierOf({ purl, bomRef }: Package): Structure | undefined {
  if (purl === undefined && bomRef === undefined) return undefined;
  return {
    type: 'PkgIdentifier',
    fields: ['PURL', purl === undefined ? undefined : purlStructure(purl), 'BOMRef', bomRef],
  };
}

function purlStructure(text: string): Structure {
  const { type, namespace, name, version, qualifiers, subpath } = decodePurl(text);
  // prettier-ignore
  const fields = [
    'Type', type,
    'Namespace', namespace,
    'Name', name,
    'Version', version,
    'Qualifiers', qualifiers && [...qualifiers].map(([key, value]) => ({ type: 'Qualifier', fields: ['Key', key, 'Value', value] })),
    'Subpath', subpath,
  ];
  return { type: 'PackageURL', fields };
}

function hashStructure({ type, fields }: Structure): Hash {
  let hash = constantHash(type);
  for (let i = 0; i < fields.length; i += 2) {
    const value = fields[i + 1];
    if (isZero(value)) continue;
    // A finishing round after every field makes the order of the fields count.
    hash = finish(xor(hash, pair(constantHash(String(fields[i])), hashValue(value))));
  }
  return hash;
}

/** Names of types and fields are few and come back for every package. */
function constantHash(name: string): Hash {
  let hash = constants.get(name);
  if (!hash) constants.set(name, (hash = hashString(name)));
  return hash;
}

const constants = new Map<string, Hash>();

function hashValue(value: Value): Hash {
  if (typeof value === 'string') return hashString(value);
  if (typeof value === 'number') return hashNumber(value);
  if (typeof value === 'boolean') return hashBytes(Uint8Array.of(value ? 1 : 0));
  if (value === undefined) return [0, 0];
  if ('type' in value) return hashStructure(value);
  return value.reduce<Hash>((hash, element) => pair(hash, hashValue(element)), [0, 0]);
}

function isZero(value: Value): boolean {
  if (value === undefined || value === '' || value === 0 || value === false) return true;
  if (typeof value !== 'object') return false;
  if ('type' in value) return value.fields.every((field, i) => i % 2 === 0 || isZero(field));
  return value.length === 0;
}

/*
 * The rounds below are written out over local 32-bit halves, which engines keep in registers:
 * a round multiplies by the prime 2⁴⁰ + 0x1b3, then takes a byte in.
 */

function hashString(text: string): Hash {
  let high = offsetHigh | 0;
  let low = offsetLow | 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return hashBytes(encoder.encode(text));
    const bottom = (low & 0xffff) * 0x1b3;
    const top = (low >>> 16) * 0x1b3 + (bottom >>> 16);
    high = (Math.imul(high, 0x1b3) + (top >>> 16) + (low << 8)) | 0;
    low = ((top << 16) | (bottom & 0xffff)) ^ code;
  }
  return [high, low];
}

function hashBytes(bytes: Uint8Array): Hash {
  let high = offsetHigh | 0;
  let low = offsetLow | 0;
  for (const byte of bytes) {
    const bottom = (low & 0xffff) * 0x1b3;
    const top = (low >>> 16) * 0x1b3 + (bottom >>> 16);
    high = (Math.imul(high, 0x1b3) + (top >>> 16) + (low << 8)) | 0;
    low = ((top << 16) | (bottom & 0xffff)) ^ byte;
  }
  return [high, low];
}

const words = new Int32Array(4);

/** Of the first words, the lowest byte of each first. */
function hashWords(count: number): Hash {
  let high = offsetHigh | 0;
  let low = offsetLow | 0;
  for (let i = 0; i < count; i++) {
    let word = words[i]!;
    for (let byte = 0; byte < 4; byte++) {
      const bottom = (low & 0xffff) * 0x1b3;
      const top = (low >>> 16) * 0x1b3 + (bottom >>> 16);
      high = (Math.imul(high, 0x1b3) + (top >>> 16) + (low << 8)) | 0;
      low = ((top << 16) | (bottom & 0xffff)) ^ (word & 0xff);
      word >>>= 8;
    }
  }
  return [high, low];
}

function hashNumber(value: number): Hash {
  words[0] = value;
  words[1] = Math.floor(value / 0x1_0000_0000);
  return hashWords(2);
}

function finish([high, low]: Hash): Hash {
  words[0] = low;
  words[1] = high;
  return hashWords(2);
}

function pair([aHigh, aLow]: Hash, [bHigh, bLow]: Hash): Hash {
  words[0] = aLow;
  words[1] = aHigh;
  words[2] = bLow;
  words[3] = bHigh;
  return hashWords(4);
}

const xor = (a: Hash, b: Hash): Hash => [a[0] ^ b[0], a[1] ^ b[1]];
