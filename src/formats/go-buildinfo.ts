/**
 * What the Go linker writes into every program: toolchain version, modules, build settings.
 * Reads   the build information of ELF, PE and Mach-O files, in both forms: pointers to strings (before Go 1.18) and the
 *         strings themselves. Works on stripped files.
 * Yields  nothing for a program without it.
 * Limits  64 MiB searched for the mark; version 1 KiB, module list 8 MiB.
 * Errors  `FormatError` for a damaged executable header or a string that lies outside.
 * Source  https://pkg.go.dev/debug/buildinfo and https://github.com/golang/go/blob/master/src/debug/buildinfo/buildinfo.go
 */
import { FormatError, LimitError, limits } from '#base';
import type { Executable, ExecutableSegment } from './executable-layout.js';
import { readExecutable, readMemory } from './executable.js';
import type { ByteSource } from './zip.js';

export interface GoModule {
  readonly path: string;
  /** `(devel)` when built from a working tree. */
  readonly version: string;
  readonly replacement?: GoModule;
}

export interface GoBuildInfo {
  /** As the toolchain names itself: `go1.22.1`, `go1.22.1 X:boringcrypto`, `devel go1.23-…`. */
  readonly goVersion: string;
  readonly main?: GoModule;
  readonly dependencies: readonly GoModule[];
  /** `-ldflags`, `GOARCH`, `vcs.revision`, … */
  readonly settings: ReadonlyMap<string, string>;
}

export function readGoBuildInfo(source: ByteSource): GoBuildInfo | undefined {
  const executable = readExecutable(source);
  if (!executable) return undefined;
  const address = findMark(source, executable);
  if (address === undefined) return undefined;
  const header = readMemory(source, executable, address, headerSize);
  if (header.length < headerSize) throw outside();
  const [version, modules] =
    (header[15]! & inlineFlag) !== 0
      ? inlineStrings(source, executable, address + headerSize)
      : pointedStrings(source, executable, header);
  if (version.length === 0) return undefined;
  return { goVersion: text(version), ...parseModules(text(unwrap(modules))) };
}

const mark = Buffer.from('\xff Go buildinf:', 'latin1');
const alignment = 16;
const headerSize = 32;
const inlineFlag = 2;
const bigEndianFlag = 1;
const searchLimit = 64 * 1024 * 1024;
const searchStep = 1024 * 1024;
const versionLimit = 1024;

/** Address of the mark, in the section made for it or else in the first writable segment. */
function findMark(source: ByteSource, executable: Executable): number | undefined {
  const region = buildInfoRegion(executable);
  if (!region) return undefined;
  const size = Math.min(region.size, searchLimit);
  for (let start = 0; start < size; start += searchStep) {
    const bytes = source.read(region.offset + start, Math.min(searchStep + mark.length, size - start));
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = chunk.indexOf(mark); at >= 0; at = chunk.indexOf(mark, at + 1))
      if ((start + at) % alignment === 0) return region.address + start + at;
  }
  return undefined;
}

function buildInfoRegion({ sections, segments }: Executable): Omit<ExecutableSegment, 'writable'> | undefined {
  const own = sections.find(({ name, size }) => (name === '.go.buildinfo' || name === '__go_buildinfo') && size > 0);
  return own ?? segments.find(({ writable, size }) => writable && size > 0);
}

type TwoStrings = readonly [version: Uint8Array, modules: Uint8Array];

function inlineStrings(source: ByteSource, executable: Executable, address: number): TwoStrings {
  const version = lengthPrefixed(source, executable, address, versionLimit);
  const modules = lengthPrefixed(source, executable, version.end, limits.manifest);
  return [version.bytes, modules.bytes];
}

function lengthPrefixed(
  source: ByteSource,
  executable: Executable,
  address: number,
  limit: number,
): { bytes: Uint8Array; end: number } {
  const prefix = readMemory(source, executable, address, 10);
  let length = 0;
  for (let i = 0; i < prefix.length; i++) {
    length += (prefix[i]! & 0x7f) * 2 ** (7 * i);
    if (prefix[i]! >= 0x80) continue;
    const start = address + i + 1;
    return { bytes: exactly(source, executable, start, length, limit), end: start + length };
  }
  throw outside();
}

/** The header points to two string headers, each a pointer and a length. */
function pointedStrings(source: ByteSource, executable: Executable, header: Uint8Array): TwoStrings {
  const size = header[14]!;
  if (size !== 4 && size !== 8) throw new FormatError('Go build information: unknown pointer size');
  const littleEndian = (header[15]! & bigEndianFlag) === 0;
  const number = (bytes: Uint8Array, at: number): number => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return size === 8 ? Number(view.getBigUint64(at, littleEndian)) : view.getUint32(at, littleEndian);
  };
  const stringAt = (at: number, limit: number): Uint8Array => {
    const stringHeader = readMemory(source, executable, number(header, at), 2 * size);
    if (stringHeader.length < 2 * size) return new Uint8Array(0);
    return exactly(source, executable, number(stringHeader, 0), number(stringHeader, size), limit);
  };
  return [stringAt(16, versionLimit), stringAt(16 + size, limits.manifest)];
}

function exactly(
  source: ByteSource,
  executable: Executable,
  address: number,
  length: number,
  limit: number,
): Uint8Array {
  if (length > limit) throw new LimitError('Go build information', limit);
  if (length === 0) return new Uint8Array(0);
  const bytes = readMemory(source, executable, address, length);
  if (bytes.length < length) throw outside();
  return bytes;
}

/** The module list lies between two marks of 16 bytes. */
function unwrap(modules: Uint8Array): Uint8Array {
  const wrapped = modules.length >= 33 && modules[modules.length - 17] === 0x0a;
  return wrapped ? modules.subarray(16, -16) : modules.subarray(0, 0);
}

function parseModules(list: string): Omit<GoBuildInfo, 'goVersion'> {
  let main: GoModule | undefined;
  const dependencies: GoModule[] = [];
  const settings = new Map<string, string>();
  for (const line of list.split('\n')) {
    const [kind, path = '', version = ''] = line.split('\t');
    if (kind === 'mod') main = { path, version };
    else if (kind === 'dep') dependencies.push({ path, version });
    else if (kind === '=>') {
      // Belongs to the line before it.
      const last = dependencies.pop();
      if (last) dependencies.push({ ...last, replacement: { path, version } });
      else if (main) main = { ...main, replacement: { path, version } };
    } else if (kind === 'build') {
      const [, key, value] = /^build\t("(?:[^"\\]|\\.)*"|`[^`]*`|[^=]*)=(.*)$/.exec(line) ?? [];
      if (key !== undefined && value !== undefined) settings.set(unquote(key), unquote(value));
    }
  }
  return { ...(main && { main }), dependencies, settings };
}

/** Go string literals; escapes other than these do not occur in build settings. */
function unquote(value: string): string {
  if (value.length >= 2 && value.startsWith('`') && value.endsWith('`')) return value.slice(1, -1);
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value;
  return value.slice(1, -1).replace(/\\(.)/g, (_, c: string) => ({ n: '\n', t: '\t' })[c] ?? c);
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const outside = (): FormatError => new FormatError('Go build information lies outside of the file');
