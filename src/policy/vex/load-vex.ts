/** Opens what `--vex` names: files, and `repo` for the repositories in the cache. */
import { FormatError, limits, PratiqueError } from '#base';
import { decodeVex, type PackageUrl } from '#formats';
import type { Diagnostic } from '#model';
import { readIfPresent, type World } from '#platform';
import { cycloneDxSource, type BomIdentity } from './cyclonedx-source.js';
import { documentSource, problemDiagnostics } from './document-source.js';
import { vexRepositories } from './vex-repository.js';
import type { VexSource } from './vex-source.js';

/** Documents, opened; judging is left to `sources`, which wants to know what was scanned. */
export interface Vex {
  sources(scanned: Scanned): Promise<VexSources>;
}

export interface Scanned {
  /** Package URLs of all that findings can be in, and of the artifact. */
  readonly purls: readonly PackageUrl[];
  /** Set when the artifact is a CycloneDX document. */
  readonly bom?: BomIdentity;
}

export interface VexSources {
  readonly sources: readonly VexSource[];
  readonly diagnostics: readonly Diagnostic[];
}

type Opener = (scanned: Scanned) => Promise<{ source: VexSource; diagnostics: readonly Diagnostic[] }>;

export async function loadVex(names: readonly string[], cacheDir: string, world: World): Promise<Vex | undefined> {
  const openers: Opener[] = [];
  for (const name of names) openers.push(await openerOf(name, cacheDir, world));
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

async function openerOf(name: string, cacheDir: string, world: World): Promise<Opener> {
  if (name === 'oci' || name === 'sbom-ref')
    throw new PratiqueError('vex/unavailable', {
      source: name,
      reason: 'not available yet',
      advice: 'fetch the document and give its path: --vex FILE',
    });
  if (name !== 'repo' && name !== 'repository') return fileOpener(name, world);
  const { source, prepare } = await vexRepositories(cacheDir, world);
  return async ({ purls }) => ({ source, diagnostics: await prepare(purls) });
}

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
    if (bom) return { source: cycloneDxSource(document, bom), diagnostics };
    const problem = 'CycloneDX VEX is about a CycloneDX document, and none was scanned';
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
