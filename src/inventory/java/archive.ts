/**
 * What a Java archive says of itself and of the archives inside it.
 * Reads   `pom.properties`, `MANIFEST.MF`, the licenses of embedded `pom.xml`, and nested jar, war and ear files.
 * Yields  one `JavaArchive` per archive, inner ones after their outer one.
 * Limits  `limits.nesting` levels, 20000 archives and 2 GiB of nested content per file, 256 MiB of it held at a time.
 *         Properties and project files 1 MiB, manifest 10 MiB.
 * Errors  `FormatError` when the outermost file is no archive; what is wrong inside goes to `report`.
 * Source  https://maven.apache.org/shared/maven-archiver/ and https://jakarta.ee/specifications/platform/
 */
import { FormatError, LimitError, limits } from '#base';
import { type ByteSource, childrenOf, openZipEntry, parseXml, readZipEntry, type ZipEntry, zipEntries } from '#formats';
import { type Manifest, parseManifest } from './manifest.js';

export interface Coordinates {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
}

export interface JavaArchive {
  /** `outer.war/WEB-INF/lib/inner.jar` */
  readonly path: string;
  readonly source: ByteSource;
  readonly properties: readonly Coordinates[];
  readonly manifest: Manifest;
  /** By `group:artifact`. */
  readonly pomLicenses: ReadonlyMap<string, readonly string[]>;
}

export type Report = (code: string, message: string) => void;

export async function* javaArchives(
  path: string,
  source: ByteSource,
  report: Report,
): AsyncGenerator<JavaArchive, void, undefined> {
  yield* walk({ path, source, depth: 0, held: 0 }, { archives: 0, bytes: 0 }, report);
}

const archivesLimit = 20_000;
const bytesLimit = 2 * 1024 * 1024 * 1024;
const heldLimit = 256 * 1024 * 1024;
const textLimit = 1024 * 1024;
const manifestLimit = 10 * 1024 * 1024;

interface Open {
  readonly path: string;
  readonly source: ByteSource;
  readonly depth: number;
  /** Bytes in memory for this archive and those around it. */
  readonly held: number;
}

interface Spent {
  archives: number;
  bytes: number;
}

async function* walk(open: Open, spent: Spent, report: Report): AsyncGenerator<JavaArchive, void, undefined> {
  const properties: Coordinates[] = [];
  const pomLicenses = new Map<string, readonly string[]>();
  const nested: ZipEntry[] = [];
  let manifest: Manifest = new Map();
  for (const entry of zipEntries(open.source)) {
    const base = entry.path.slice(entry.path.lastIndexOf('/') + 1);
    const textOf = (limit: number): string => new TextDecoder().decode(readZipEntry(open.source, entry, limit));
    try {
      if (base === 'pom.properties') {
        const found = parseProperties(textOf(textLimit));
        if (found) properties.push(found);
      } else if (base === 'MANIFEST.MF') manifest = parseManifest(textOf(manifestLimit));
      else if (base === 'pom.xml' && entry.path.startsWith('META-INF/maven/')) {
        const [, , group = '', artifact = ''] = entry.path.split('/');
        pomLicenses.set(`${group}:${artifact}`, await licensesOfPom(textOf(textLimit)));
      } else if (/\.(?:jar|war|ear)$/i.test(base)) nested.push(entry);
    } catch (error) {
      reportDamage(error, `${open.path}/${entry.path}`, report);
    }
  }
  yield { path: open.path, source: open.source, properties, manifest, pomLicenses };
  for (const entry of nested) yield* walkNested(open, entry, spent, report);
}

async function* walkNested(
  open: Open,
  entry: ZipEntry,
  spent: Spent,
  report: Report,
): AsyncGenerator<JavaArchive, void, undefined> {
  const path = `${open.path}/${entry.path}`;
  spent.archives++;
  spent.bytes += entry.size;
  const held = open.held + (entry.method === 0 ? 0 : entry.size);
  try {
    if (open.depth >= limits.nesting) throw new FormatError(`archives nested deeper than ${limits.nesting} levels`);
    if (spent.archives > archivesLimit) throw new FormatError(`more than ${archivesLimit} nested archives`);
    if (spent.bytes > bytesLimit) throw new LimitError('nested archives', bytesLimit);
    if (held > heldLimit) throw new LimitError('nested archives', heldLimit);
    const source = openZipEntry(open.source, entry);
    yield* walk({ path, source, depth: open.depth + 1, held }, spent, report);
  } catch (error) {
    // Once the budget is spent, one line says so; the others would say it again.
    if (spent.archives <= archivesLimit + 1) reportDamage(error, path, report);
  }
}

function reportDamage(error: unknown, path: string, report: Report): void {
  if (!(error instanceof FormatError || error instanceof LimitError)) throw error;
  report('unreadable-entry', `${path}: ${error.message}`);
}

function parseProperties(text: string): Coordinates | undefined {
  const found = new Map<string, string>();
  for (const [, key, value] of text.matchAll(/^[ \t]*(groupId|artifactId|version)[ \t]*[=:](.*)$/gm))
    if (key !== undefined && value !== undefined) found.set(key, value.trim());
  const group = found.get('groupId');
  const artifact = found.get('artifactId');
  const version = found.get('version');
  return group && artifact && version ? { group, artifact, version } : undefined;
}

async function licensesOfPom(text: string): Promise<readonly string[]> {
  // Most project files name none.
  if (!text.includes('<licenses')) return [];
  const project = await parseXml(text);
  return childrenOf(project, 'licenses')
    .flatMap((licenses) => childrenOf(licenses, 'license'))
    .flatMap((license) => childrenOf(license, 'name'))
    .map((name) => name.text.trim())
    .filter((name) => name !== '');
}
