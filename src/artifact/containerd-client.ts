/**
 * What containerd knows of images, and their content, by its gRPC services on a socket.
 * Errors  `image/source` when it does not answer, refuses, or does not have what is asked for.
 * Source  https://github.com/containerd/containerd/blob/main/api/services/images/v1/images.proto and
 *         .../api/services/content/v1/content.proto
 */
import { FormatError, PratiqueError } from '#base';
import { decodeProto, encodeProto, protoBytes, protoNumber, protoText, type ProtoMessage } from '#formats';
import { type Descriptor, digestOf, parseDigest } from '#oci';
import { GrpcError, NetworkError, openGrpc, type GrpcClient } from '#platform';

const NOT_FOUND = 5;

export class Containerd {
  readonly #grpc: GrpcClient;
  readonly #address: string;

  private constructor(address: string, grpc: GrpcClient) {
    this.#address = address;
    this.#grpc = grpc;
  }

  static async connect(address: string, namespace: string): Promise<Containerd> {
    return new Containerd(address, await openGrpc(address, { 'containerd-namespace': namespace }));
  }

  close(): void {
    this.#grpc.close();
  }

  failure(reason: string, cause?: unknown): PratiqueError {
    return new PratiqueError('image/source', { reason: `containerd at ${this.#address}: ${reason}` }, cause);
  }

  /** What the first of the names stands for that there is. */
  async find(names: readonly string[], signal: AbortSignal): Promise<Descriptor | undefined> {
    for (const name of names) {
      const image = await this.#one('/containerd.services.images.v1.Images/Get', encodeProto([[1, name]]), signal);
      const target = image && this.#descriptor(decodeProto(protoBytes(image, 1) ?? new Uint8Array()));
      if (target) return target;
    }
    return undefined;
  }

  /** A whole blob, checked against its digest; `undefined` when its content is not there. */
  async bytes({ digest, size }: Descriptor, limit: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
    if (size > limit) throw new PratiqueError('limit/exceeded', { what: `blob ${digest}`, limit });
    const parts: Uint8Array[] = [];
    let received = 0;
    try {
      for await (const part of this.content(digest, signal)) {
        parts.push(part);
        if ((received += part.length) > limit)
          throw new PratiqueError('limit/exceeded', { what: `blob ${digest}`, limit });
      }
    } catch (error) {
      if (error instanceof PratiqueError && isNotFound(error.cause)) return undefined;
      throw error;
    }
    const bytes = Buffer.concat(parts);
    const actual = digestOf(bytes, parseDigest(digest)!.algorithm);
    if (actual !== digest) throw new PratiqueError('image/digest-mismatch', { what: `blob ${digest}`, actual });
    return bytes;
  }

  /** A blob as it comes, not checked; its chunks are the caller's. */
  async *content(digest: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const request = encodeProto([[1, digest]]);
    const answers = this.#call('/containerd.services.content.v1.Content/Read', request, signal);
    for await (const answer of answers) {
      const data = protoBytes(answer, 2);
      // A copy: whoever takes chunks may let go of their memory.
      if (data && data.length > 0) yield new Uint8Array(data);
    }
  }

  async #one(method: string, request: Uint8Array, signal: AbortSignal): Promise<ProtoMessage | undefined> {
    try {
      for await (const answer of this.#call(method, request, signal)) return answer;
    } catch (error) {
      if (!(error instanceof PratiqueError) || !isNotFound(error.cause)) throw error;
    }
    return undefined;
  }

  async *#call(method: string, request: Uint8Array, signal: AbortSignal): AsyncGenerator<ProtoMessage> {
    try {
      for await (const message of this.#grpc.call(method, request, signal)) yield decodeProto(message);
    } catch (error) {
      if (error instanceof GrpcError || error instanceof NetworkError || error instanceof FormatError)
        throw this.failure(error.message, error);
      throw error;
    }
  }

  /** Field 3 of an image. */
  #descriptor(image: ProtoMessage): Descriptor {
    const target = decodeProto(protoBytes(image, 3) ?? new Uint8Array());
    const digest = protoText(target, 2);
    if (!parseDigest(digest)) throw this.failure('an image without a digest');
    return { mediaType: protoText(target, 1), digest, size: protoNumber(target, 3) };
  }
}

const isNotFound = (error: unknown): boolean => error instanceof GrpcError && error.code === NOT_FOUND;
