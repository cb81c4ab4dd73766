/**
 * Opens what `--vex` names: files; `repo` for VEX repositories; `oci` for attestations beside the image; `sbom-ref` for
 * what a CycloneDX document points to.
 */
import { FormatError, limits, PratiqueError } from '#base';
import { decodeVex, type PackageUrl } from '#formats';
import type { Diagnostic } from '#model';
import type { RegistryOptions } from '#oci';
import { readIfPresent, type World } from '#platform';
import { cycloneDxSource, type BomIdentity } from './cyclonedx-source.js';
import { documentSource, problemDiagnostics } from './document-source.js';
import type { ScannedImage } from './vex-attestations.js';
import type { VexSource } from './vex-source.js';

/** Documents, opened; judging is left to `sources`, which wants to know what was scanned. */
export interface Vex {
  sources(scanned: Scanned): Promise<VexSources>;
}

export interface Scanned {
  /** Package URLs of all that findings can be in, and of the artifact. */
  readonly purls: readonly PackageUrl[];
  /** Set when the artifact is an image. */
  readonly image?: ScannedImage;
  /** Set when the artifact is a CycloneDX document. */
  readonly bom?: BomIdentity;
}

export interface VexSources {
  readonly sources: readonly VexSource[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface VexOptions {
  readonly cacheDir: string;
  readonly skipVexUpdate?: boolean;
  readonly registry?: RegistryOptions;
}

type Opened = { readonly source: VexSource; readonly diagnostics: readonly Diagnostic[] };
type Opener = (scanned: Scanned) => Promise<Opened>;

export async function loadVex(names: readonly string[], options: VexOptions, world: World): Promise<Vex | undefined> {
  const openers: Opener[] = [];
  for (const name of names) openers.push(await openerOf(name, options, world));
  if (openers.length === 0) return undefined;
  return {
    async sources(scanned) {
      const opened = await Promise.all(openers.map((open) => open(scanned)));
      return {
        sources: opened.map(({ source }) => source),
        diagnostics: opened.flatMap(({ diagnostics }) => diagnostics),
      };
    },
  };
}

async function openerOf(name: string, options: VexOptions, world: World): Promise<Opener> {
  switch (name) {
    case 'repo':
    case 'repository':
      return repositoryOpener(options, world);
    case 'oci':
      return attestationOpener(options, world);
    case 'sbom-ref':
      return referenceOpener(options, world);
    default:
      return fileOpener(name, world);
  }
}

async function repositoryOpener(options: VexOptions, world: World): Promise<Opener> {
  const { vexRepositories } = await import('./vex-repository.js');
  const { skipVexUpdate: skipUpdate = false } = options;
  const { source, prepare } = await vexRepositories({ ...options, skipUpdate }, world);
  return async ({ purls }) => ({ source, diagnostics: await prepare(purls) });
}

const attestationOpener =
  ({ registry = {} }: VexOptions, world: World): Opener =>
  async ({ image }) => {
    if (!image) throw misplaced('oci', 'it is for images', 'scan an image, or name a VEX document: --vex FILE');
    const { attestedVex } = await import('./vex-attestations.js');
    return attestedVex(image, registry, world);
  };

const referenceOpener =
  ({ registry = {} }: VexOptions, world: World): Opener =>
  async ({ bom }) => {
    if (!bom)
      throw misplaced('sbom-ref', 'it is for CycloneDX documents', 'scan one, or name a VEX document: --vex FILE');
    const { referencedVex } = await import('./vex-references.js');
    return referencedVex(bom, registry, world);
  };

const misplaced = (source: string, reason: string, advice: string): PratiqueError =>
  new PratiqueError('vex/unavailable', { source, reason, advice });

async function fileOpener(path: string, world: World): Promise<Opener> {
  const bytes = await readIfPresent(path.startsWith('/') ? path : `${world.cwd}/${path}`, limits.textFile);
  if (!bytes) throw new PratiqueError('file/not-found', { path });
  const document = decode(new TextDecoder().decode(bytes), path);
  const diagnostics = problemDiagnostics(document.problems, path);
  if (document.kind !== 'cyclonedx') {
    const source = documentSource(document, path);
    return async () => ({ source, diagnostics });
  }
  return async ({ bom }) => {
    if (bom?.serialNumber !== undefined) return { source: cycloneDxSource(document, bom), diagnostics };
    const problem = 'CycloneDX VEX is about a CycloneDX document with a serialNumber, and none was scanned';
    throw new PratiqueError('vex/invalid', { path, problem });
  };
}

function decode(text: string, path: string): ReturnType<typeof decodeVex> {
  try {
    return decodeVex(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new PratiqueError('vex/invalid', { path, problem: error.message }, error);
  }
}
