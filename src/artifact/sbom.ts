/**
 * A bill of materials as the thing to scan: read from its file, with what it says of the artifact it describes.
 * Limits  256 MiB.
 * Errors  `sbom/invalid` naming line and field; `file/…` for files that cannot be read.
 */
import { compact, FormatError, LimitError, limits, PratiqueError } from '#base';
import { decodeSbom } from '#formats';
import type { ReportMetadata, Sbom } from '#model';
import { readIfPresent } from '#platform';

export interface OpenedSbom {
  readonly sbom: Sbom;
  /** It came inside a signed statement, whose signature was not verified. */
  readonly attested: boolean;
  /** Of the image that the bill describes, when it is one and the bill says so. */
  readonly metadata: ReportMetadata;
}

/** `name` is the path as the user wrote it, for messages. */
export async function openSbom(path: string, name: string = path): Promise<OpenedSbom> {
  const bytes = await read(path, name);
  try {
    return await openSbomBytes(bytes);
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof LimitError)) throw error;
    throw new PratiqueError('sbom/invalid', { path: name, problem: error.message }, error);
  }
}

/** Throws `FormatError` and `LimitError` as they come. */
export async function openSbomBytes(bytes: Uint8Array): Promise<OpenedSbom> {
  const { sbom, attested } = await decodeSbom(bytes);
  return { sbom, attested, metadata: describedArtifact(sbom) };
}

/** What one damaged document or one failed answer of many may do: end the reading of that one. */
export const isReadProblem = (error: unknown): error is Error =>
  error instanceof FormatError ||
  error instanceof LimitError ||
  (error instanceof PratiqueError && !error.code.startsWith('scan/'));

async function read(path: string, name: string): Promise<Uint8Array> {
  try {
    const bytes = await readIfPresent(path, limits.textFile);
    if (bytes) return bytes;
  } catch (error) {
    if (error instanceof LimitError)
      throw new PratiqueError('limit/exceeded', { what: name, limit: limits.textFile }, error);
    throw error;
  }
  throw new PratiqueError('file/not-found', { path: name });
}

function describedArtifact(sbom: Sbom): ReportMetadata {
  const root = sbom.components.find(({ ref }) => ref === sbom.root);
  const values = (wanted: string): string[] =>
    (root?.properties ?? []).flatMap(({ name, value, foreign }) => (name === wanted && !foreign ? value : [])).sort();
  const listed = (name: string): string[] | undefined => {
    const found = values(name);
    return found.length > 0 ? found : undefined;
  };
  const [size] = values('Size');
  return compact({
    size: size !== undefined && /^\d{1,15}$/.test(size) ? Number(size) : undefined,
    imageId: values('ImageID')[0],
    diffIds: listed('DiffID'),
    repoTags: listed('RepoTag'),
    repoDigests: listed('RepoDigest'),
    reference: values('Reference')[0],
  });
}
