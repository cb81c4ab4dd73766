/** What the program knows of a language ecosystem, as data; one file each under `languages/`, one line in `languages.ts`. */
import type { PackageUrl } from '#formats';
import type { Package } from '#model';
import type { SchemeId } from '#versions';

export interface Ecosystem {
  readonly id: string;
  /** As people call it. */
  readonly title: string;
  /** Home of the package registry or of the format. */
  readonly docs: string;
  /** Application types (lock files, manifests, installed packages) whose packages belong here. */
  readonly types: readonly string[];
  /** Application types that are reported as one target under this name. */
  readonly aggregated?: Readonly<Record<string, string>>;
  /** https://github.com/package-url/purl-spec/tree/main/types-doc; the application type itself when absent. */
  readonly purlType?: string;
  /** How versions and advisory ranges compare; absent when nobody publishes advisories. */
  readonly scheme?: SchemeId;
  /** Advisory buckets begin with this: `npm::`. Absent when nobody publishes advisories. */
  readonly advisories?: string;
  /** Rebuilds by a third supplier, looked up under `seal <prefix>` instead. */
  readonly rebuilds?: Rebuilds;
  /** The name as advisories spell it. Default: lower case. */
  normalize?(name: string): string;
  /** How some sources spell the name besides, given the normalised one. */
  otherName?(name: string): string;
  /** Namespace, name and the rest of the package URL, where it is not name and version as they stand. */
  purl?(pkg: Package): Omit<PackageUrl, 'type'> | undefined;
}

/** How packages rebuilt by Seal Security are told from the originals. https://docs.sealsecurity.io/ */
export interface Rebuilds {
  /** Where the supplier's ranges compare differently from the ecosystem's. */
  readonly scheme?: SchemeId;
  /** Certainly a rebuild: only the supplier's advisories count. */
  readonly certain?: { readonly name?: RegExp; readonly version?: RegExp };
  /** Perhaps a rebuild: the supplier's advisories count if there are any. */
  readonly likely?: { readonly version: RegExp };
}

export function defineEcosystem<const T extends Ecosystem>(ecosystem: T): T {
  return ecosystem;
}
