/**
 * The databases that are published as OCI artifacts, as data.
 * https://trivy.dev/latest/docs/configuration/db/ — places and names are the reference's, since the cache is shared.
 */
import { advisorySchema } from '../store/update-decision.js';

export type DatabaseKind = 'vulnerability' | 'java';

export interface PublishedDatabase {
  /** For people. */
  readonly title: string;
  /** Schema version that is read; the tag where a repository is given without one. */
  readonly schema: number;
  readonly repositories: readonly string[];
  readonly mediaType: string;
  /** File name of the layer. */
  readonly layerTitle: string;
  /** Below the cache directory. */
  readonly directory: string;
  readonly file: string;
  /** Bytes. */
  readonly limits: { readonly layer: number; readonly file: number; readonly metadata: number };
}

const GiB = 1024 ** 3;

export const publishedDatabases: Readonly<Record<DatabaseKind, PublishedDatabase>> = {
  vulnerability: {
    title: 'the vulnerability database',
    schema: advisorySchema,
    repositories: ['mirror.gcr.io/aquasec/trivy-db:2', 'ghcr.io/aquasecurity/trivy-db:2'],
    mediaType: 'application/vnd.aquasec.trivy.db.layer.v1.tar+gzip',
    layerTitle: 'db.tar.gz',
    directory: 'db',
    file: 'trivy.db',
    limits: { layer: 4 * GiB, file: 16 * GiB, metadata: 64 * 1024 },
  },
  java: {
    title: 'the Java database',
    schema: 1,
    repositories: ['mirror.gcr.io/aquasec/trivy-java-db:1', 'ghcr.io/aquasecurity/trivy-java-db:1'],
    mediaType: 'application/vnd.aquasec.trivy.javadb.layer.v1.tar+gzip',
    layerTitle: 'javadb.tar.gz',
    directory: 'java-db',
    file: 'trivy-java.db',
    limits: { layer: 8 * GiB, file: 32 * GiB, metadata: 64 * 1024 },
  },
};

export const metadataFile = 'metadata.json';
