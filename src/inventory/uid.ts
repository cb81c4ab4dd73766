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
  readonly fields: readonly (readonly [name: string, value: Value])[];
}

const offsetHigh = 0xcbf29ce4;
const offsetLow = 0x84222325;
const encoder = new TextEncoder();
const relationships = [undefined, 'root', 'workspace', 'direct', 'indirect'];

/** Hex without padding. `applicationPath` is blank for OS packages. */
export function packageUid(pkg: Package, applicationPath: string): string {
  const entries: Hash[] = [
    pair(hashString('filePath'), hashString(applicationPath)),
    pair(hashString('pkg'), hashStructure(structureOf(pkg))),
  ];
  const [high, low] = finish(entries.reduce(xor, [0, 0]));
  return (BigInt(high) * 0x1_0000_0000n + BigInt(low)).toString(16);
}

/** Hex without padding: the same hash over a map of texts. */
export function textMapHash(texts: Readonly<Record<string, string>>): string {
  const entries = Object.entries(texts).map(([key, value]) => pair(hashString(key), hashString(value)));
  const [high, low] = finish(entries.reduce(xor, [0, 0]));
  return (BigInt(high) * 0x1_0000_0000n + BigInt(low)).toString(16);
}

function structureOf(pkg: Package): Structure {
  return {
    type: 'Package',
    fields: [
      ['ID', pkg.id],
      ['Name', pkg.name],
      [
        'Identifier',
        {
          type: 'PkgIdentifier',
          fields: [
            ['PURL', pkg.purl === undefined ? undefined : purlStructure(pkg.purl)],
            ['BOMRef', pkg.bomRef],
          ],
        },
      ],
      ['Version', pkg.version],
      ['Release', pkg.release],
      ['Epoch', pkg.epoch],
      ['Arch', pkg.arch],
      ['Dev', pkg.dev],
      ['SrcName', pkg.source?.name],
      ['SrcVersion', pkg.source?.version],
      ['SrcRelease', pkg.source?.release],
      ['SrcEpoch', pkg.source?.epoch],
      ['Licenses', pkg.licenses],
      ['Maintainer', pkg.maintainer],
      ['Modularitylabel', pkg.modularityLabel],
      ['Repository', { type: 'PackageRepository', fields: [['Class', pkg.origin]] }],
      ['Indirect', pkg.relationship === 'indirect'],
      ['Relationship', pkg.relationship && relationships.indexOf(pkg.relationship)],
      ['DependsOn', pkg.dependsOn],
      [
        'Layer',
        {
          type: 'Layer',
          fields: [
            ['Digest', pkg.layer?.digest],
            ['DiffID', pkg.layer?.diffId],
          ],
        },
      ],
      ['FilePath', pkg.path],
      ['Digest', pkg.digest],
      [
        'Locations',
        pkg.locations?.map(
          (l) =>
            ({
              type: 'Location',
              fields: [
                ['StartLine', l.start],
                ['EndLine', l.end],
              ],
            }) satisfies Structure,
        ),
      ],
      ['InstalledFiles', pkg.installedFiles],
      ['AnalyzedBy', pkg.analyzedBy],
    ],
  };
}

/** Only packages of bills of materials have their package URL when they are found. */
function purlStructure(text: string): Structure {
  const { type, namespace, name, version, qualifiers, subpath } = decodePurl(text);
  return {
    type: 'PackageURL',
    fields: [
      ['Type', type],
      ['Namespace', namespace],
      ['Name', name],
      ['Version', version],
      [
        'Qualifiers',
        [...(qualifiers ?? [])].map(([key, value]): Structure => ({
          type: 'Qualifier',
          fields: [
            ['Key', key],
            ['Value', value],
          ],
        })),
      ],
      ['Subpath', subpath],
    ],
  };
}

function hashStructure(structure: Structure): Hash {
  let hash = hashString(structure.type);
  for (const [name, value] of structure.fields) {
    if (isZero(value)) continue;
    // A finishing round after every field makes the order of the fields count.
    hash = finish(xor(hash, pair(hashString(name), hashValue(value))));
  }
  return hash;
}

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
  if ('type' in value) return value.fields.every(([, field]) => isZero(field));
  return value.length === 0;
}

function hashString(text: string): Hash {
  let high = offsetHigh;
  let low = offsetLow;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return hashBytes(encoder.encode(text));
    const product = low * 0x1b3;
    high = (high * 0x1b3 + Math.floor(product / 0x1_0000_0000) + ((low << 8) >>> 0)) % 0x1_0000_0000;
    low = ((product >>> 0) ^ code) >>> 0;
  }
  return [high, low];
}

function hashBytes(bytes: Uint8Array): Hash {
  let high = offsetHigh;
  let low = offsetLow;
  for (const byte of bytes) {
    const product = low * 0x1b3;
    high = (high * 0x1b3 + Math.floor(product / 0x1_0000_0000) + ((low << 8) >>> 0)) % 0x1_0000_0000;
    low = ((product >>> 0) ^ byte) >>> 0;
  }
  return [high, low];
}

const scratch = new Uint8Array(16);
const view = new DataView(scratch.buffer);

function hashNumber(value: number): Hash {
  view.setBigInt64(0, BigInt(value), true);
  return hashBytes(scratch.subarray(0, 8));
}

function finish([high, low]: Hash): Hash {
  view.setUint32(0, low, true);
  view.setUint32(4, high, true);
  return hashBytes(scratch.subarray(0, 8));
}

function pair([aHigh, aLow]: Hash, [bHigh, bLow]: Hash): Hash {
  view.setUint32(0, aLow, true);
  view.setUint32(4, aHigh, true);
  view.setUint32(8, bLow, true);
  view.setUint32(12, bHigh, true);
  return hashBytes(scratch);
}

const xor = (a: Hash, b: Hash): Hash => [(a[0] ^ b[0]) >>> 0, (a[1] ^ b[1]) >>> 0];
