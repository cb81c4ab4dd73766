/**
 * The package UID of the report: a 64-bit FNV-1 hash over the package as its extractor produced it.
 * Shape of the hash: structures, slices and maps fold as the hashstructure format V2 does with zero values ignored,
 * over the field names and order-independent XOR described at https://pkg.go.dev/github.com/mitchellh/hashstructure/v2.
 * A 64-bit number is a pair of 32-bit halves here, since BigInt is an order of magnitude slower.
 */
import { decodePurl } from '#formats';
import type { LineRange, Package } from '#model';

interface Hash {
  readonly high: number;
  readonly low: number;
}
/** A structure whose fields are hashed one after the other. */
interface Fold {
  high: number;
  low: number;
  /** Whether any field had a value: a structure without one is left out, too. */
  hasValue: boolean;
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
  hashPackage(pkg);
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

function hashPackage(pkg: Package): void {
  const { source } = pkg;
  const all = fold('Package');
  addText(all, 'ID', pkg.id);
  addText(all, 'Name', pkg.name);
  if (hashIdentifier(pkg)) add(all, 'Identifier');
  addText(all, 'Version', pkg.version);
  addText(all, 'Release', pkg.release);
  addNumber(all, 'Epoch', pkg.epoch);
  addText(all, 'Arch', pkg.arch);
  addFlag(all, 'Dev', pkg.dev);
  addText(all, 'SrcName', source?.name);
  addText(all, 'SrcVersion', source?.version);
  addText(all, 'SrcRelease', source?.release);
  addNumber(all, 'SrcEpoch', source?.epoch);
  addTexts(all, 'Licenses', pkg.licenses);
  addText(all, 'Maintainer', pkg.maintainer);
  addText(all, 'Modularitylabel', pkg.modularityLabel);
  if (pkg.origin && hashTexts('PackageRepository', 'Class', pkg.origin)) add(all, 'Repository');
  addFlag(all, 'Indirect', pkg.relationship === 'indirect');
  addNumber(all, 'Relationship', pkg.relationship && relationships.indexOf(pkg.relationship));
  addTexts(all, 'DependsOn', pkg.dependsOn);
  if (pkg.layer && hashTexts('Layer', 'Digest', pkg.layer.digest, 'DiffID', pkg.layer.diffId)) add(all, 'Layer');
  addText(all, 'FilePath', pkg.path);
  addText(all, 'Digest', pkg.digest);
  addList(all, 'Locations', pkg.locations, hashLocation);
  addTexts(all, 'InstalledFiles', pkg.installedFiles);
  addText(all, 'AnalyzedBy', pkg.analyzedBy);
  unfold(all);
}

/** Only packages of bills of materials have a reference, and their package URL, when they are found. */
function hashIdentifier({ purl, bomRef }: Package): boolean {
  if (purl === undefined && bomRef === undefined) return false;
  const all = fold('PkgIdentifier');
  if (purl !== undefined && hashPurl(purl)) add(all, 'PURL');
  addText(all, 'BOMRef', bomRef);
  return unfold(all);
}

function hashPurl(text: string): boolean {
  const { type, namespace, name, version, qualifiers, subpath } = decodePurl(text);
  const all = fold('PackageURL');
  addText(all, 'Type', type);
  addText(all, 'Namespace', namespace);
  addText(all, 'Name', name);
  addText(all, 'Version', version);
  addList(all, 'Qualifiers', qualifiers && [...qualifiers], ([key, value]) =>
    hashTexts('Qualifier', 'Key', key, 'Value', value),
  );
  addText(all, 'Subpath', subpath);
  return unfold(all);
}

function hashLocation({ start, end }: LineRange): boolean {
  const all = fold('Location');
  addNumber(all, 'StartLine', start);
  addNumber(all, 'EndLine', end);
  return unfold(all);
}

/** A structure of texts: names and values by turns. */
function hashTexts(type: string, ...fields: readonly (string | undefined)[]): boolean {
  const all = fold(type);
  for (let i = 0; i < fields.length; i += 2) addText(all, fields[i]!, fields[i + 1]);
  return unfold(all);
}

/*
 * What was hashed last lies in these two: an object for each of some thirty fields of each package took more time than
 * the hashing itself.
 */
let high = 0;
let low = 0;

const hash = (): Hash => ({ high, low });

function fold(type: string): Fold {
  const { high: typeHigh, low: typeLow } = hashOfType(type);
  return { high: typeHigh, low: typeLow, hasValue: false };
}

/** Takes what was hashed last as the field `name`. A finishing round after every field makes their order count. */
function add(all: Fold, name: string): void {
  hashUnderName(name);
  finish(all.high ^ high, all.low ^ low);
  all.high = high;
  all.low = low;
  all.hasValue = true;
}

/** The structure is what was hashed last; false when it is empty. */
function unfold(all: Fold): boolean {
  high = all.high;
  low = all.low;
  return all.hasValue;
}

function addText(all: Fold, name: string, value: string | undefined): void {
  if (!value) return;
  hashString(value);
  add(all, name);
}

function addNumber(all: Fold, name: string, value: number | undefined): void {
  if (!value) return;
  hashNumber(value);
  add(all, name);
}

function addFlag(all: Fold, name: string, value: boolean | undefined): void {
  if (!value) return;
  hashBytes(Uint8Array.of(1));
  add(all, name);
}

function addTexts(all: Fold, name: string, values: readonly string[] | undefined): void {
  addList(all, name, values, hashString);
}

function addList<T>(
  all: Fold,
  name: string,
  values: readonly T[] | undefined,
  hashElement: (value: T) => unknown,
): void {
  if (!values || values.length === 0) return;
  let allHigh = 0;
  let allLow = 0;
  for (const value of values) {
    hashElement(value);
    const element = hash();
    finish(allHigh, allLow);
    hashWords(hash(), element.low, element.high);
    allHigh = high;
    allLow = low;
  }
  high = allHigh;
  low = allLow;
  add(all, name);
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
