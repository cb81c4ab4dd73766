/**
 * The package UID of the report: a 64-bit FNV-1 hash over the package as its extractor produced it.
 * Shape of the hash: structures, slices and maps fold as the hashstructure format V2 does with zero values ignored,
 * over the field names and order-independent XOR described at https://pkg.go.dev/github.com/mitchellh/hashstructure/v2.
 * A 64-bit number is a pair of 32-bit halves here, since BigInt is an order of magnitude slower.
 */
import { decodePurl } from '#formats';
import type { Package } from '#model';

interface Hash {
  readonly high: number;
  readonly low: number;
}
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
  hashString(applicationPath);
  hashUnderName('filePath');
  const ofPath = hash();
  hashStructure(structureOf(pkg));
  hashUnderName('pkg');
  finish(ofPath.high ^ high, ofPath.low ^ low);
  return hex();
}

/** Hex without padding: the same hash over a map of texts. */
export function textMapHash(texts: Readonly<Record<string, string>>): string {
  let all: Hash = { high: 0, low: 0 };
  for (const [key, value] of Object.entries(texts)) {
    hashString(value);
    hashUnderName(key);
    all = { high: all.high ^ high, low: all.low ^ low };
  }
  finish(all.high, all.low);
  return hex();
}

function hex(): string {
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

/*
 * What was hashed last lies in these two: an object for each of some thirty fields of each package took more time than
 * the hashing itself.
 */
let high = 0;
let low = 0;

const hash = (): Hash => ({ high, low });

function hashStructure({ type, fields }: Structure): void {
  let { high: allHigh, low: allLow } = hashOfType(type);
  for (let i = 0; i < fields.length; i += 2) {
    const value = fields[i + 1];
    if (isZero(value)) continue;
    hashValue(value);
    hashUnderName(fields[i] as string);
    // A finishing round after every field makes the order of the fields count.
    finish(allHigh ^ high, allLow ^ low);
    allHigh = high;
    allLow = low;
  }
}

/** Of a type's name. */
function hashOfType(type: string): Hash {
  let known = types.get(type);
  if (!known) {
    hashString(type);
    types.set(type, (known = hash()));
  }
  return known;
}

const types = new Map<string, Hash>();

/**
 * The hash of a name's hash followed by the last hash. Names of fields are few and come back for every package, so what
 * their half of the bytes comes to is kept.
 */
function hashUnderName(name: string): void {
  let begun = names.get(name);
  if (!begun) {
    const value = hash();
    hashString(name);
    finish(high, low);
    begun = hash();
    if (names.size < MAX_NAMES) names.set(name, begun);
    ({ high, low } = value);
  }
  hashWords(begun, low, high);
}

const names = new Map<string, Hash>();
const MAX_NAMES = 256;

function hashValue(value: Value): void {
  if (typeof value === 'string') hashString(value);
  else if (typeof value === 'number') hashNumber(value);
  else if (typeof value === 'boolean') hashBytes(Uint8Array.of(value ? 1 : 0));
  else if (value === undefined) high = low = 0;
  else if ('type' in value) hashStructure(value);
  else hashList(value);
}

function hashList(values: readonly Value[]): void {
  let allHigh = 0;
  let allLow = 0;
  for (const value of values) {
    hashValue(value);
    const element = hash();
    finish(allHigh, allLow);
    hashWords(hash(), element.low, element.high);
    allHigh = high;
    allLow = low;
  }
  high = allHigh;
  low = allLow;
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

function hashString(text: string): void {
  let top = offsetHigh | 0;
  let bottom = offsetLow | 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return hashBytes(encoder.encode(text));
    const product = (bottom & 0xffff) * 0x1b3;
    const carried = (bottom >>> 16) * 0x1b3 + (product >>> 16);
    top = (Math.imul(top, 0x1b3) + (carried >>> 16) + (bottom << 8)) | 0;
    bottom = ((carried << 16) | (product & 0xffff)) ^ code;
  }
  high = top;
  low = bottom;
}

function hashBytes(bytes: Uint8Array): void {
  let top = offsetHigh | 0;
  let bottom = offsetLow | 0;
  for (const byte of bytes) {
    const product = (bottom & 0xffff) * 0x1b3;
    const carried = (bottom >>> 16) * 0x1b3 + (product >>> 16);
    top = (Math.imul(top, 0x1b3) + (carried >>> 16) + (bottom << 8)) | 0;
    bottom = ((carried << 16) | (product & 0xffff)) ^ byte;
  }
  high = top;
  low = bottom;
}

/** Takes two words in, the lowest byte of each first, after what `begun` has. */
function hashWords(begun: Hash, first: number, second: number): void {
  let { high: top, low: bottom } = begun;
  for (let word = first, count = 0; count < 8; count++, word >>>= 8) {
    if (count === 4) word = second;
    const product = (bottom & 0xffff) * 0x1b3;
    const carried = (bottom >>> 16) * 0x1b3 + (product >>> 16);
    top = (Math.imul(top, 0x1b3) + (carried >>> 16) + (bottom << 8)) | 0;
    bottom = ((carried << 16) | (product & 0xffff)) ^ (word & 0xff);
  }
  high = top;
  low = bottom;
}

const offset: Hash = { high: offsetHigh | 0, low: offsetLow | 0 };

const hashNumber = (value: number): void => hashWords(offset, value, Math.floor(value / 0x1_0000_0000));

const finish = (topHalf: number, bottomHalf: number): void => hashWords(offset, bottomHalf, topHalf);
