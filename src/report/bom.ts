/** The parts of a bill of materials, whatever format it is written in. */
import type { SourcePackage, Vulnerability } from '#model';

export type ComponentKind = 'artifact' | 'system' | 'application' | 'package';

export interface BomComponent {
  readonly ref: string;
  readonly kind: ComponentKind;
  /** As CycloneDX calls it. */
  readonly type: 'application' | 'container' | 'file' | 'library' | 'operating-system' | 'platform';
  readonly group?: string;
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly supplier?: string;
  readonly licenses: readonly string[];
  /** `sha1:…`; of the file, when there is a path. */
  readonly digest?: string;
  readonly path?: string;
  /** Lock file or manifest that names the package. */
  readonly foundIn?: string;
  readonly source?: SourcePackage;
  /** Sorted by name, then value. */
  readonly properties: readonly BomProperty[];
  readonly vulnerabilities: readonly Vulnerability[];
  /** References; sorted. */
  readonly contains: readonly string[];
  readonly dependsOn: readonly string[];
}

export interface BomProperty {
  readonly name: string;
  readonly value: string;
  /** Has a namespace of its own. */
  readonly foreign?: true;
}

export interface Bom {
  readonly root: BomComponent;
  /** Without the root, sorted by reference. */
  readonly components: readonly BomComponent[];
  /** Of all that is in it, but no time. */
  readonly uuid: string;
}
