/** Which layer of an image a package was first seen in. */
export interface LayerRef {
  /** Digest of the compressed blob; absent for saved and daemon images. */
  readonly digest?: string;
  /** Digest of the uncompressed tar. */
  readonly diffId?: string;
}

/** First and last line (1-based, inclusive) of the text that declares a package. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** The source package a binary package was built from; distributions publish advisories by it. */
export interface SourcePackage {
  readonly name: string;
  readonly version: string;
  readonly release?: string;
  readonly epoch?: number;
}

/** Red Hat build information of a layer: content sets, or the build's name-version-release. */
export interface BuildInfo {
  readonly contentSets?: readonly string[];
  readonly nvr?: string;
  readonly arch?: string;
}

export type Relationship = 'root' | 'workspace' | 'direct' | 'indirect';

/**
 * One installed, locked or declared package.
 * `version` never holds epoch or release; those have their own fields (deb, rpm). Alpine's `-rN` stays in `version`.
 */
export interface Package {
  /** Unique within its package database or lock file, e.g. `musl@1.2.4-r2`; target of `dependsOn`. */
  readonly id?: string;
  readonly name: string;
  readonly version: string;
  readonly release?: string;
  readonly epoch?: number;
  readonly arch?: string;
  readonly source?: SourcePackage;
  readonly licenses?: readonly string[];
  readonly maintainer?: string;
  /** Red Hat module label, `name:stream:version:context`. */
  readonly modularityLabel?: string;
  readonly buildInfo?: BuildInfo;
  /** Whether the distribution itself shipped it; third-party packages are outside its advisories. */
  readonly origin?: 'official' | 'third-party';
  /** Needed for development only. */
  readonly dev?: boolean;
  readonly relationship?: Relationship;
  /** Ids of packages in the same database or lock file. */
  readonly dependsOn?: readonly string[];
  readonly layer?: LayerRef;
  /** Path of the file that shows the package, where one target lists packages of many files. */
  readonly path?: string;
  /** `sha1:…`, `md5:…` or `sha256:…`, lower-case hex. */
  readonly digest?: string;
  readonly locations?: readonly LineRange[];
  readonly installedFiles?: readonly string[];
  /** Name of the analysis as the reference's report knows it, e.g. `apk`. */
  readonly analyzedBy?: string;
  readonly purl?: string;
  readonly uid?: string;
  readonly bomRef?: string;
}

/** A lock file, manifest, binary or installed-package set with the packages it names. */
export interface Application {
  /** Type as the report knows it: `npm`, `gobinary`, `python-pkg`, … */
  readonly type: string;
  /** Root-relative POSIX path of the file. */
  readonly path: string;
  readonly packages: readonly Package[];
}

/** The packages of one OS package database file. */
export interface PackageFile {
  readonly path: string;
  readonly packages: readonly Package[];
}
