/** A detected operating system. `family` is a key of the ecosystems table; `name` is its version as found. */
export interface OperatingSystem {
  readonly family: string;
  readonly name: string;
  /** Extended (paid) support is enabled, e.g. Ubuntu ESM. */
  readonly extended?: boolean;
  /** End of support has passed. Known after matching. */
  readonly endOfLife?: boolean;
  /** Who rebuilt the packages, e.g. `rapidfort`. */
  readonly supplier?: string;
}

/** The apk repository stream in use; overrides the OS version for advisories. */
export interface PackageRepository {
  readonly family: string;
  readonly release: string;
}
