/**
 * A bill of materials as it was read, whatever its format: plain data, so that a report can carry it
 * and a format can write its components again.
 */
export type SbomFormat = 'cyclonedx' | 'spdx';

export interface Sbom {
  readonly format: SbomFormat;
  /** `1.6`, `2.3`. */
  readonly specVersion: string;
  /** Serial number or namespace. */
  readonly id?: string;
  /** Of a document that is published again under its serial number. */
  readonly revision?: number;
  readonly name?: string;
  /** Names of the programs that made it. */
  readonly tools: readonly string[];
  /** `ref` of the component that the document describes. */
  readonly root?: string;
  /** Addresses of VEX documents that it points to. */
  readonly vexReferences?: readonly string[];
  /** In the document's order, the root among them. */
  readonly components: readonly SbomComponent[];
  /** What a component contains or depends on, by `ref`. */
  readonly relations: readonly SbomRelation[];
}

export interface SbomRelation {
  readonly from: string;
  readonly to: readonly string[];
}

/** `other`: devices, firmware, data and whatever else is no software package by itself. */
export type SbomComponentKind =
  'application' | 'container' | 'file' | 'library' | 'operating-system' | 'platform' | 'other';

export interface SbomComponent {
  /** Unique in the document; made up where the document gives none. */
  readonly ref: string;
  /** The document's own reference, when it has one that other documents may use. */
  readonly bomRef?: string;
  readonly kind: SbomComponentKind;
  readonly group?: string;
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly supplier?: string;
  /** Identifiers, names or expressions. */
  readonly licenses: readonly string[];
  readonly hashes: readonly SbomHash[];
  /** Those of this program's family with their namespace cut off, and others as they are. */
  readonly properties: readonly SbomProperty[];
}

export interface SbomHash {
  /** `sha1`, `sha256`, …: lower case, without dashes. */
  readonly algorithm: string;
  /** Lower-case hex. */
  readonly value: string;
}

export interface SbomProperty {
  readonly name: string;
  readonly value: string;
  /** Of another namespace: kept, but without a meaning here. */
  readonly foreign?: true;
}
