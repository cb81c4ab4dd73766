import type { ImageSource, SbomSource } from '#artifact';
import type { LicenseChoice } from '#checks';
import type { Relationship, Severity, Status } from '#model';
import type { RegistryOptions } from '#oci';
import type { IgnoreFileChoice } from '#policy';

/** What to scan. */
export type ScanTarget =
  | {
      readonly kind: 'image';
      /** Name in a registry or engine. */ readonly name?: string;
      /** Archive or layout instead of a name. */ readonly input?: string;
    }
  | { readonly kind: 'rootfs' | 'filesystem'; readonly path: string }
  | {
      readonly kind: 'repository';
      /** Directory, or URL of a remote repository. */ readonly path: string;
      readonly branch?: string;
      readonly tag?: string;
      readonly commit?: string;
    }
  | { readonly kind: 'sbom'; readonly path: string };

export type Scanner = 'vuln' | 'secret' | 'license';

export const defaultScanners: readonly Scanner[] = ['vuln'];

/** All that a scan can be told; every field has a default. */
export interface ScanOptions {
  /** What to look for, `vuln` by default; without any, packages are listed and no database is opened. */
  readonly scanners?: readonly Scanner[];
  /** Configuration of the secret scanner, `trivy-secret.yaml` by default; the built-in one when there is no such file. */
  readonly secretConfig?: string;
  /** Hash the files that show installed packages, for bills of materials. */
  readonly fileDigests?: boolean;
  readonly packageTypes?: readonly ('os' | 'library')[];
  readonly relationships?: readonly (Relationship | 'unknown')[];
  readonly includeDev?: boolean;
  readonly detection?: 'precise' | 'comprehensive';
  readonly distro?: { readonly family: string; readonly name: string };
  readonly severities?: readonly Severity[];
  readonly severitySources?: readonly string[];
  readonly ignoredStatuses?: readonly Status[];
  /** None by default; the command line adds those of the working directory. */
  readonly ignoreFiles?: readonly IgnoreFileChoice[];
  /** Path of a policy in Rego or CEL. */
  readonly ignorePolicy?: string;
  /** Paths of files with `VulnerabilityException` objects. */
  readonly exceptions?: readonly string[];
  /** VEX documents by path, `repo`, `oci` or `sbom-ref`. */
  readonly vex?: readonly string[];
  /** Licenses that are no findings. */
  readonly ignoredLicenses?: readonly string[];
  /** Names of licenses by category, in place of the usual ones of that category. */
  readonly licenseCategories?: LicenseChoice;
  /** Read VEX repositories as they lie in the cache. */
  readonly skipVexUpdate?: boolean;
  readonly skipFiles?: readonly string[];
  readonly skipDirs?: readonly string[];
  /** Further files by the extractor's name, as regular expressions (RE2 syntax) over the whole path. */
  readonly filePatterns?: readonly { readonly name: string; readonly source: string }[];
  /** Layers read at the same time; 0 for one per processor. */
  readonly parallel?: number;
  /** Keep results per layer under the cache directory. */
  readonly cache?: boolean;
  /** Bytes. */
  readonly cacheMaxSize?: number;
  readonly cacheDir?: string;
  readonly image?: ImageOptions;
  /**
   * What is scanned is identified without asking anyone but its own source: no published bills of materials, no download
   * of the Java database. The vulnerability database has its own option, `database.skipUpdate`.
   */
  readonly offline?: boolean;
  readonly registry?: RegistryOptions;
  readonly database?: DatabaseOptions;
}

export interface ImageOptions {
  readonly sources?: readonly ImageSource[];
  /** Where to look for a bill of materials that is scanned instead of the image. */
  readonly sbomSources?: readonly SbomSource[];
  readonly rekorUrl?: string;
  readonly platform?: string;
  readonly dockerHost?: string;
  readonly podmanHost?: string;
  /** Bytes; 0 for none. */
  readonly maxSize?: number;
  /** What to look for in the image's configuration. */
  readonly configScanners?: readonly 'secret'[];
}

export interface DatabaseOptions {
  readonly repositories?: readonly string[];
  readonly javaRepositories?: readonly string[];
  readonly skipUpdate?: boolean;
  readonly skipJavaUpdate?: boolean;
  /** Use the database built into the program. */
  readonly embedded?: boolean;
}
