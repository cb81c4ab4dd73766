/** What the operator can be told. */
import type { SinkChoice } from '#notify';
import type { ScanOptions } from '#scan';
import type { ClusterChoice } from '../client/connect.js';
import type { NamespaceChoice } from '../cluster/collect-workloads.js';
import type { EventChoice } from '../history/finding-history.js';

export interface OperatorOptions {
  readonly cluster: ClusterChoice;
  readonly namespaces: NamespaceChoice;
  readonly namespaceSelector: string;
  /** Ids of the kinds of reports to keep. */
  readonly kinds: readonly string[];
  /** `scanners` are those that the kinds need. */
  readonly scan: ScanOptions;
  /** Of this program. */
  readonly version: string;
  readonly host?: string;
  readonly port: number;
  /** Who reads images: this process, or workers that a coordinator asks. */
  readonly role: OperatorRole;
  /** Images scanned at the same time. */
  readonly workers: number;
  /** Bytes of a report. */
  readonly budget: number;
  /** Milliseconds, as all below; 0: reports are good until the database changes. */
  readonly ttl: number;
  readonly databaseInterval: number;
  readonly scanTimeout: number;
  readonly removeAfter: number;
  /** Where whole reports are kept: those that are too large for the cluster, or all. */
  readonly store?: { readonly address: string; readonly always: boolean };
  /** Who is told of changes, and of which; nobody without. */
  readonly notify?: NotifyOptions;
  readonly electLeader: boolean;
  readonly qps: number;
  readonly burst: number;
}

export const operatorRoles = ['all', 'coordinator', 'worker'] as const;
export type OperatorRole = (typeof operatorRoles)[number];

export interface NotifyOptions extends EventChoice {
  readonly sinks: SinkChoice;
}
