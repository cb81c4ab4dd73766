/**
 * Packages in Alpine's installed-package database; Wolfi and its relatives use the same one.
 * Shape   UTF-8; records end at a blank line; one `K:value` a line: P name, V version, A architecture, o origin,
 *         L licenses, m maintainer, C checksum, D dependencies, p provides, F directory and R file in it.
 * Yields  one package a name, the first one; dependencies by name or provided name; the files all packages own.
 * Limits  those of the file; one pass over the lines.
 * Errors  a record without name → `incomplete-record`; a version that is none → `invalid-version`; a second
 *         record of a name → `duplicate`. Such a record is left out.
 * Source  https://wiki.alpinelinux.org/wiki/Apk_spec#Installed_Database_V2
 */
import { compact } from '#base';
import { normalizeLicense } from '#formats';
import type { Package } from '#model';
import { scheme } from '#versions';
import { defineExtractor, type ExtractContext } from '../extractor.js';
import { isFull } from '../package-set.js';
import { LineScanner } from './line-scanner.js';
import { OwnedFiles } from './owned-files.js';

const MAX_LICENSE_NAME = 256;
const apkVersions = scheme('apk');
const wanted: ReadonlySet<string> = new Set('ACDFLPRVmop');

export const apkDb = defineExtractor({
  id: 'os/apk-db',
  type: 'os',
  name: 'apk',
  runsOn: 'everywhere',
  revision: 1,
  files: ['lib/apk/db/installed', 'usr/lib/apk/db/installed'],
  extract(file, context) {
    const database = new ApkDatabase(context);
    database.read(file.text());
    return { packages: database.packages(), ownedFiles: database.owned.paths };
  },
});

interface ApkRecord {
  readonly line: number;
  name?: string;
  /** As written, even when it is no version. */
  writtenVersion?: string;
  version?: string;
  arch?: string;
  origin?: string;
  licenses?: readonly string[];
  maintainer?: string;
  digest?: string;
  dependencies: readonly string[];
  files: string[];
}

class ApkDatabase {
  readonly owned: OwnedFiles;
  readonly #context: ExtractContext;
  readonly #records = new Map<string, ApkRecord>();
  /** Package ids by name and by provided name. The last one counts, and a provider left out leaves a blank. */
  readonly #providers = new Map<string, string>();

  constructor(context: ExtractContext) {
    this.#context = context;
    this.owned = new OwnedFiles(context);
  }

  read(text: string): void {
    const lines = new LineScanner(text);
    let record: ApkRecord | undefined;
    let directory = '';
    while (lines.next() && !isFull(this.#records)) {
      const { start, end } = lines;
      if (end - start < 2) {
        if (record) this.#close(record);
        record = undefined;
        directory = '';
      } else if (text.charCodeAt(start + 1) === 58) {
        record ??= { line: lines.number, dependencies: [], files: [] };
        const key = text[start]!;
        if (!wanted.has(key)) continue;
        const value = lines.slice(start + 2);
        if (key === 'F') directory = value;
        else if (key === 'R') this.#addFile(record, directory === '' ? value : `${directory}/${value}`);
        else this.#set(record, key, value, lines.number);
      }
    }
    if (record) this.#close(record);
  }

  packages(): Package[] {
    return [...this.#records.values()].map((record): Package => {
      const { name, version, origin, writtenVersion } = record;
      const depends = new Set(record.dependencies.flatMap((d) => this.#providers.get(d) ?? []));
      return compact({
        id: idOf(record),
        name: name!,
        version: version!,
        arch: record.arch,
        source: origin ? { name: origin, version: writtenVersion ?? '' } : undefined,
        licenses: record.licenses?.length ? record.licenses : undefined,
        maintainer: record.maintainer || undefined,
        dependsOn: depends.size > 0 ? [...depends].sort() : undefined,
        digest: record.digest,
        installedFiles: record.files.length > 0 ? record.files : undefined,
      });
    });
  }

  #set(record: ApkRecord, key: string, value: string, line: number): void {
    switch (key) {
      case 'P':
        record.name = value;
        break;
      case 'V':
        record.writtenVersion = value;
        if (apkVersions.valid(value)) record.version = value;
        else this.#context.report('invalid-version', `${record.name ?? '?'}: "${value}" is no version`, line);
        break;
      case 'A':
        record.arch = value;
        break;
      case 'o':
        record.origin = value;
        break;
      case 'L':
        record.licenses = licensesIn(value);
        break;
      case 'm':
        record.maintainer = value;
        break;
      case 'C':
        record.digest = this.#digest(value, line) ?? record.digest!;
        break;
      case 'D':
        record.dependencies = namesIn(value);
        break;
      case 'p':
        for (const provided of namesIn(value)) this.#providers.set(provided, idOf(record));
        break;
    }
    if (record.name && record.version) this.#providers.set(record.name, idOf(record));
  }

  #addFile(record: ApkRecord, path: string): void {
    if (this.owned.full) return;
    const clean = tidy(path);
    record.files.push(clean);
    this.owned.paths.push(clean);
  }

  #close(record: ApkRecord): void {
    const { name, line } = record;
    if (!name) this.#context.report('incomplete-record', 'a record without package name', line);
    else if (!record.version) {
      if (record.writtenVersion === undefined) this.#context.report('incomplete-record', `${name}: no version`, line);
    } else if (this.#records.has(name)) this.#context.report('duplicate', `${name} is there twice`, line);
    else this.#records.set(name, record);
  }

  /** `Q1` and the base64 of a SHA-1, or the hex of an MD5. */
  #digest(value: string, line: number): string | undefined {
    if (!value.startsWith('Q1')) return /^[0-9a-f]{32}$/i.test(value) ? `md5:${value.toLowerCase()}` : undefined;
    const bytes = Buffer.from(value.slice(2), 'base64');
    if (bytes.length === 20) return `sha1:${bytes.toString('hex')}`;
    this.#context.report('invalid-checksum', `"${value}" is no checksum`, line);
    return undefined;
  }
}

const idOf = (record: ApkRecord): string => (record.name && record.version ? `${record.name}@${record.version}` : '');

/** Names without their version conditions; conflicts (`!name`) are none. */
function namesIn(list: string): string[] {
  const names: string[] = [];
  for (const word of list.split(' ')) {
    if (word === '' || word.startsWith('!')) continue;
    const end = word.search(/[=<>~]/);
    names.push(end < 0 ? word : word.slice(0, end));
  }
  return names;
}

/** The operators and brackets of an expression are given up: older records are word lists anyway. */
function licensesIn(expression: string): string[] {
  return expression
    .split(/\s+/)
    .map((word) => word.replace(/^[()]+|[()]+$/g, ''))
    .filter((word) => word !== '' && word !== 'AND' && word !== 'OR')
    .map((word) => (word.length > MAX_LICENSE_NAME ? word : normalizeLicense(word)));
}

/** Paths are relative and plain; anything else (`./x`, `a//b`, `..`) is brought into that form. */
function tidy(path: string): string {
  if (!/(?:^|\/)\.{0,2}(?:\/|$)/.test(path)) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
