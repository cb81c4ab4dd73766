/**
 * The contract of an extractor: one file format, from bytes to packages.
 * An extractor is one file exporting one `defineExtractor({...})` value; its metadata are data.
 */
import type {
  Application,
  BuildInfo,
  FileEntry,
  OperatingSystem,
  Package,
  PackageRepository,
  SourceFile,
} from '#model';

/**
 * A pattern of root-relative paths. Forms the index can answer without a scan of all patterns:
 * `lib/apk/db/installed` (whole path) · `**\/package-lock.json` (base name) · `**\/*.jar` (suffix) · any other glob.
 */
export type PathPattern = string;

export interface Extractor {
  /** Path-like id, `<group>/<format>`: `os/apk`, `nodejs/npm-lock`. */
  readonly id: string;
  /** The application type of its packages (`npm`, `jar`), or `os`. Key of the ecosystems table. */
  readonly type: string;
  /** Name of the analysis in the report's `AnalyzedBy` and in `--file-patterns`: `apk`, `npm`, `node-pkg`. */
  readonly name: string;
  /** `systems`: images and root file systems; `sources`: directories and repositories; `everywhere`: both. */
  readonly runsOn: 'systems' | 'sources' | 'everywhere';
  /** Raised whenever the output for the same bytes changes: scan-cache records of older revisions are not used. */
  readonly revision: number;
  readonly files: readonly PathPattern[];
  /** Any regular file with an execute bit (or named `*.exe`) is offered to `sniff`. */
  readonly executables?: boolean;
  /** Files that `context.sibling()` may ask for. An extractor with companions runs when the whole tree was walked. */
  readonly companions?: readonly PathPattern[];
  /** Case of ASCII letters in `files` does not count. */
  readonly ignoreCase?: boolean;
  /** A last word by path, where patterns cannot say it (e.g. not under `node_modules/`). */
  accepts?(entry: FileEntry): boolean;
  /** For `executables`: do the first bytes look right? */
  sniff?(head: Uint8Array, entry: FileEntry): boolean;
  /** Throws `FormatError` when the file as a whole is not what it should be; anything partial is a diagnostic. */
  extract(file: SourceFile, context: ExtractContext): Extraction | undefined | Promise<Extraction | undefined>;
}

/** All that one file may tell. Every field is optional. */
export interface Extraction {
  readonly os?: OperatingSystem;
  readonly repository?: PackageRepository;
  /** OS packages, listed under this file's path. */
  readonly packages?: readonly Package[];
  readonly applications?: readonly Application[];
  /** Root-relative paths of files that official OS packages own: language packages found there are the distribution's. */
  readonly ownedFiles?: readonly string[];
  readonly buildInfo?: BuildInfo;
  /** Digests by `name@version` of OS packages, from a file beside the database. */
  readonly packageDigests?: Readonly<Record<string, string>>;
  /** Licenses by OS package name. */
  readonly packageLicenses?: Readonly<Record<string, readonly string[]>>;
}

export interface ExtractContext {
  readonly options: ExtractOptions;
  /** `code` gets the extractor's name as prefix. */
  report(code: string, message: string, line?: number): void;
  /** A companion file by root-relative path. */
  sibling(path: string): SourceFile | undefined;
  /** Paths of collected companion files under a directory (`''` for all), sorted. */
  companionsUnder(directory: string): readonly string[];
  /** Looks up a Java archive by what is known of it, when a Java database is at hand. */
  readonly java?: JavaLookup;
}

export interface ExtractOptions {
  readonly includeDev: boolean;
  readonly detection: 'precise' | 'comprehensive';
  /** Hash the files that show installed packages. */
  readonly fileDigests?: boolean;
  /** The directory being scanned, as the user named it: part of the ids of Maven packages. */
  readonly directory?: string;
}

export interface JavaLookup {
  bySha1(sha1: Uint8Array): { group: string; artifact: string; version: string } | undefined;
  exists(group: string, artifact: string): boolean;
  /** The group that has most indexed versions among those with this artifact and version. */
  groupOf(artifact: string, version: string): string | undefined;
}

export function defineExtractor<const T extends Extractor>(extractor: T): T {
  return extractor;
}
