import type { Diagnostic } from './diagnostic.js';
import type { Secret } from './finding.js';
import type { OperatingSystem, PackageRepository } from './os.js';
import type { Application, BuildInfo, Package, PackageFile } from './package.js';

/** What the extractors found in one layer (or in a whole directory tree). Plain JSON: it is the scan cache's record. */
export interface LayerRecord {
  /** Digest of the compressed blob, when the source knows it. */
  readonly digest?: string;
  readonly diffId?: string;
  /** Bytes, uncompressed. */
  readonly size?: number;
  readonly createdBy?: string;
  readonly opaqueDirs: readonly string[];
  readonly whiteouts: readonly string[];
  readonly os?: OperatingSystem;
  readonly repository?: PackageRepository;
  readonly buildInfo?: BuildInfo;
  readonly packageFiles: readonly PackageFile[];
  readonly applications: readonly Application[];
  /** Licenses by package name, from files beside the package database (Debian copyright files). */
  readonly packageLicenses?: Readonly<Record<string, readonly string[]>>;
  readonly secretFiles?: readonly SecretFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The secrets of one file. */
export interface SecretFile {
  readonly path: string;
  readonly secrets: readonly Secret[];
}

/** The whole artifact after its layers were applied in order. */
export interface Inventory {
  readonly os?: OperatingSystem;
  readonly repository?: PackageRepository;
  /** OS packages, sorted. */
  readonly packages: readonly Package[];
  /** Language applications, sorted; aggregated types (`python-pkg`, `jar`, …) are one entry with an empty path. */
  readonly applications: readonly Application[];
  readonly diagnostics: readonly Diagnostic[];
}
