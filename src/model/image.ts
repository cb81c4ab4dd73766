import type { TreeVisitor } from './file.js';

/** One layer of an image, not yet read. */
export interface LayerSource {
  readonly diffId?: string;
  /** Digest of the compressed blob; absent for saved and daemon images. */
  readonly digest?: string;
  readonly createdBy?: string;
  /** Bytes, as stored: compressed or not. */
  readonly storedSize?: number;
  /**
   * Names the content beyond doubt, for caches: a digest that reading verifies, or the identity of a local file.
   * Never the diff id, which an image only claims.
   */
  readonly contentKey?: string;
  /** Walks the layer's tar once and resolves with its uncompressed size in bytes. */
  walk(visitor: TreeVisitor, signal: AbortSignal): Promise<{ size: number }>;
}

/** An opened image: its identity, configuration and layers in order (lowest first). */
export interface Image {
  /** As the user gave it. */
  readonly name: string;
  /** Digest of the configuration, `sha256:…`. */
  readonly id: string;
  /** The OCI image configuration, verbatim. https://github.com/opencontainers/image-spec/blob/main/config.md */
  readonly config: ImageConfig;
  readonly layers: readonly LayerSource[];
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
  /** Of what the name led to at a registry: an index or a manifest. */
  readonly descriptor?: ContentDescriptor;
  /** The chosen full reference, when one is known. */
  readonly reference?: string;
  /** Releases files, sockets and spool space. */
  close(): Promise<void>;
}

export interface ContentDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

export interface ImageConfig {
  readonly architecture?: string;
  readonly os?: string;
  readonly created?: string;
  readonly rootfs?: { readonly type?: string; readonly diff_ids?: readonly string[] };
  readonly history?: readonly ImageHistory[];
  readonly config?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

export interface ImageHistory {
  readonly created?: string;
  readonly created_by?: string;
  readonly author?: string;
  readonly comment?: string;
  readonly empty_layer?: boolean;
}
