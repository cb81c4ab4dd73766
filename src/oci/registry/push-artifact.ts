/**
 * Puts a small artifact into a registry: its blob, then a manifest that names it, and what it is about as its subject.
 * Registries without the referrers API get the list under a tag made of the subject's digest, as clients have to keep it.
 * Limits  artifacts are held in memory, lists of referrers 8 MiB.
 * Sources https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push and
 *         #pushing-manifests-with-subject, https://github.com/opencontainers/image-spec/blob/main/manifest.md
 */
import { limits, PratiqueError } from '#base';
import type { HttpResponse } from '#platform';
import type { Descriptor } from '../descriptor.js';
import { digestOf } from '../digest.js';
import { mediaTypes } from '../media-types.js';
import type { Session } from './session.js';

export interface Artifact {
  readonly artifactType: string;
  /** Under which it is found, too; the former one of that name is replaced. */
  readonly tag: string;
  readonly blob: { readonly mediaType: string; readonly bytes: Uint8Array };
  readonly annotations: Readonly<Record<string, string>>;
  readonly subject: Pick<Descriptor, 'mediaType' | 'digest' | 'size'>;
}

const empty = Buffer.from('{}');

/** Resolves with the digest of the manifest. */
export async function pushArtifact(session: Session, artifact: Artifact, signal: AbortSignal): Promise<string> {
  const { artifactType, annotations, blob, subject, tag } = artifact;
  const config = await pushBlob(session, empty, mediaTypes.ociEmpty, signal);
  const layer = await pushBlob(session, blob.bytes, blob.mediaType, signal);
  const document = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    artifactType,
    config,
    layers: [layer],
    subject,
    annotations,
  };
  const { descriptor, response } = await pushManifest(session, tag, document, mediaTypes.ociManifest, signal);
  await response.discard();
  if (response.header('oci-subject') !== subject.digest) {
    await addReferrer(session, subject.digest, { ...descriptor, artifactType, annotations }, signal);
  }
  return descriptor.digest;
}

async function pushBlob(
  session: Session,
  bytes: Uint8Array,
  mediaType: string,
  signal: AbortSignal,
): Promise<Descriptor> {
  const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length };
  const known = await session.send(`blobs/${descriptor.digest}`, {}, signal, { method: 'HEAD' });
  await known.discard();
  if (known.status === 200) return descriptor;
  const begun = await session.send('blobs/uploads/', {}, signal, { method: 'POST', body: '' });
  if (begun.status !== 202) throw await refused(session, begun);
  const location = uploadPath(begun.header('location'), session);
  await begun.discard();
  const query = `${location.includes('?') ? '&' : '?'}digest=${encodeURIComponent(descriptor.digest)}`;
  const headers = { 'content-type': 'application/octet-stream' };
  const ended = await session.send(`${location}${query}`, headers, signal, { method: 'PUT', body: bytes });
  if (ended.status !== 201) throw await refused(session, ended);
  await ended.discard();
  return descriptor;
}

/** Within the registry: it may not have our credentials sent elsewhere. */
function uploadPath(location: string | undefined, { origin, reference: { registry } }: Session): string {
  const url = location !== undefined && URL.canParse(location, origin) ? new URL(location, origin) : undefined;
  if (url?.origin !== new URL(origin).origin)
    throw new PratiqueError('registry/bad-answer', { registry, reason: 'it names no place for an upload' });
  return `${url.pathname}${url.search}`;
}

async function pushManifest(
  session: Session,
  tag: string,
  document: unknown,
  mediaType: string,
  signal: AbortSignal,
): Promise<{ readonly descriptor: Descriptor; readonly response: HttpResponse }> {
  const bytes = Buffer.from(JSON.stringify(document));
  const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length };
  const response = await session.send(`manifests/${tag}`, { 'content-type': mediaType }, signal, {
    method: 'PUT',
    body: bytes,
  });
  if (response.status !== 201) throw await refused(session, response);
  return { descriptor, response };
}

/** In place of the one of the same kind that the list had. */
async function addReferrer(session: Session, subject: string, added: Descriptor, signal: AbortSignal): Promise<void> {
  const tag = subject.replace(':', '-');
  const found = await session.send(`manifests/${tag}`, { accept: mediaTypes.ociIndex }, signal);
  let former: Descriptor[] = [];
  if (found.status === 200) former = listed(await found.json(limits.manifest));
  else if (found.status === 404) await found.discard();
  else throw await refused(session, found);
  const same = (one: Descriptor): boolean =>
    one.artifactType === added.artifactType && JSON.stringify(one.annotations) === JSON.stringify(added.annotations);
  const manifests = [...former.filter((one) => one.digest !== added.digest && !same(one)), added];
  const document = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests };
  const { response } = await pushManifest(session, tag, document, mediaTypes.ociIndex, signal);
  await response.discard();
}

function listed(document: unknown): Descriptor[] {
  const manifests = (document as { manifests?: unknown } | null)?.manifests;
  return Array.isArray(manifests) ? (manifests as Descriptor[]) : [];
}

function refused(session: Session, response: HttpResponse): Promise<PratiqueError> {
  const { registry, repository } = session.reference;
  return session.refused(response, `${registry}/${repository}`);
}
