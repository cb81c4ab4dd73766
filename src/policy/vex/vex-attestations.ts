/**
 * VEX that a registry keeps beside an image: attestations with an OpenVEX document, as artifacts that refer to the image
 * (sigstore bundles, DSSE envelopes, in-toto statements) and under cosign's former tag `sha256-….att`.
 * Yields  a source of all documents, in the registry's order; signatures are not verified, which is a diagnostic.
 * Limits  100 artifacts, 20 MiB a document.
 * Errors  those of the registry; what is no attestation of VEX is passed over, what cannot be read is a diagnostic.
 * Source  https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers ·
 *         https://github.com/sigstore/cosign/blob/main/specs/ATTESTATION_SPEC.md · https://docs.sigstore.dev/about/bundle/
 */
import { FormatError, LimitError, PratiqueError } from '#base';
import { decodeVex, encodePurl, type OpenVexDocument, readAttestation } from '#formats';
import type { Diagnostic } from '#model';
import {
  createRegistryClient,
  type Descriptor,
  parseReference,
  tryReference,
  type Reference,
  type RegistryClient,
  type RegistryOptions,
} from '#oci';
import type { World } from '#platform';
import { documentSource, problemDiagnostics } from './document-source.js';
import { imagePurls } from './image-purls.js';
import { firstVerdict, type VexSource } from './vex-source.js';

const artifactTypes: ReadonlySet<string> = new Set([
  'application/vnd.dev.sigstore.bundle.v0.3+json',
  'application/vnd.dsse.envelope.v1+json',
  'application/vnd.in-toto+json',
]);
const vexPredicate = /^https:\/\/openvex\.dev\/ns(?:\/|$)/;
const maxArtifacts = 100;
const maxBytes = 20 * 1024 * 1024;

export interface Attested {
  readonly source: VexSource;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ScannedImage {
  /** As the user named it. */
  readonly name: string;
  /** What it is in registries: `registry.example.org/app@sha256:…`. */
  readonly repoDigests: readonly string[];
}

export async function attestedVex(image: ScannedImage, options: RegistryOptions, world: World): Promise<Attested> {
  const published = publishedAs(image, options);
  if (!published) return { source: firstVerdict([]), diagnostics: [unpublished] };
  const { reference } = published;
  const client = createRegistryClient(published.options, world);
  const diagnostics: Diagnostic[] = [];
  const sources: VexSource[] = [];
  try {
    const [purl] = imagePurls({ repoDigests: [reference.text] });
    const name = `VEX attestation in OCI registry (${purl ? encodePurl(purl) : reference.text})`;
    for await (const { document, path } of documentsOf(reference, client, diagnostics)) {
      diagnostics.push(...problemDiagnostics(document.problems, path));
      sources.push(documentSource(document, name));
    }
  } finally {
    await client.close();
  }
  if (sources.length > 0) diagnostics.push(unverified);
  return { source: firstVerdict(sources), diagnostics };
}

/**
 * In the repository that was asked for, or else where its engine says it came from. The credentials of the command line
 * are for the former only.
 */
function publishedAs(
  { name, repoDigests }: ScannedImage,
  options: RegistryOptions,
): { readonly reference: Reference; readonly options: RegistryOptions } | undefined {
  const known = repoDigests.flatMap((text) => tryReference(text) ?? []).filter(({ digest }) => digest !== undefined);
  const asked = tryReference(name);
  const same = known.find((one) => one.registry === asked?.registry && one.repository === asked.repository);
  if (same) return { reference: same, options };
  const { credentials: _, registryToken: __, ...others } = options;
  return known[0] && { reference: known[0], options: others };
}

const unpublished: Diagnostic = {
  code: 'vex/unpublished',
  severity: 'warning',
  message: 'no registry is known to hold the image, so none was asked for VEX attestations',
};

const unverified: Diagnostic = {
  code: 'vex/unverified',
  severity: 'info',
  message: 'the signatures of VEX attestations were not verified',
};

interface AttestedDocument {
  readonly document: OpenVexDocument;
  /** Where it came from, for messages. */
  readonly path: string;
}

async function* documentsOf(
  reference: Reference,
  client: RegistryClient,
  diagnostics: Diagnostic[],
): AsyncGenerator<AttestedDocument, void> {
  const repository = `${reference.registry}/${reference.repository}`;
  const digest = reference.digest ?? '';
  const referrers = await client.referrers(reference, digest);
  const names = referrers
    .filter(({ artifactType }) => artifactTypes.has(artifactType ?? ''))
    .map((one) => `${repository}@${one.digest}`);
  for (const name of [...names.slice(0, maxArtifacts), `${repository}:${digest.replace(':', '-')}.att`]) {
    const at = parseReference(name);
    for (const blob of await blobsOf(at, client)) {
      try {
        const document = vexOf(await client.blobBytes(at, blob, maxBytes));
        if (document) yield { document, path: name };
      } catch (error) {
        if (!(error instanceof FormatError || error instanceof LimitError)) throw error;
        diagnostics.push({ code: 'vex/unreadable-document', severity: 'warning', message: error.message, path: name });
      }
    }
  }
}

/** Those whose annotation does not say that they are about something else; none where there is no such artifact. */
async function blobsOf(at: Reference, client: RegistryClient): Promise<readonly Descriptor[]> {
  try {
    const { document } = await client.resolve(at);
    if (document.kind !== 'manifest') return [];
    const blobs = document.layers.filter(({ annotations }) => {
      const stated = annotations?.['predicateType'] ?? annotations?.['in-toto.io/predicate-type'];
      return stated === undefined || vexPredicate.test(stated);
    });
    return blobs.slice(0, maxArtifacts);
  } catch (error) {
    if (error instanceof PratiqueError && error.code === 'registry/not-found') return [];
    throw error;
  }
}

/** The OpenVEX document that an attestation states, if it states one. */
function vexOf(bytes: Uint8Array): OpenVexDocument | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new FormatError('the attestation is not JSON', { cause });
  }
  const statement = readAttestation(value);
  if (!statement || !vexPredicate.test(statement.predicateType)) return undefined;
  const { predicate } = statement;
  const document = decodeVex(typeof predicate === 'string' ? predicate : JSON.stringify(predicate, null, 2));
  if (document.kind !== 'openvex') throw new FormatError('the attestation states no OpenVEX document');
  return document;
}
