/** A bill of materials instead of an artifact: its packages are matched as if they had been found. */
import { isAbsolute, join } from 'node:path';
import { findPublishedSbom, type OpenedSbom, openSbom } from '#artifact';
import { FormatError, PratiqueError } from '#base';
import { sbomRecord, type SbomRecord } from '#inventory';
import type { Diagnostic, Image, LayerRecord, Report, Sbom } from '#model';
import type { World } from '#platform';
import type { ScanOptions, ScanTarget } from './options.js';

export interface FoundInSbom extends Pick<Report, 'artifactName' | 'artifactType' | 'metadata'> {
  readonly records: readonly LayerRecord[];
  readonly sbom: Sbom;
}

export async function scanSbom(
  { path }: Extract<ScanTarget, { kind: 'sbom' }>,
  options: ScanOptions,
  cwd: string,
): Promise<FoundInSbom> {
  return foundIn(await openSbom(isAbsolute(path) ? path : join(cwd, path), path), path, options);
}

/** What others published about an image, where the user asks for it. */
export async function scanPublishedSbom(
  image: Image,
  options: ScanOptions,
  world: World,
): Promise<FoundInSbom | undefined> {
  const { sbomSources = [], rekorUrl } = options.image ?? {};
  const opened = await findPublishedSbom(image, { sources: sbomSources, rekorUrl, registry: options.registry }, world);
  return opened && foundIn(opened, image.name, options);
}

function foundIn({ sbom, attested, metadata }: OpenedSbom, artifactName: string, options: ScanOptions): FoundInSbom {
  const { record, distributionHint } = recordOf(sbom, artifactName);
  const diagnostics = [...record.diagnostics];
  if (attested) diagnostics.push(unverified);
  if (!record.os && !options.distro && record.packageFiles.length > 0)
    diagnostics.push(noDistribution(distributionHint));
  return { artifactName, artifactType: sbom.format, metadata, records: [{ ...record, diagnostics }], sbom };
}

function recordOf(sbom: Sbom, path: string): SbomRecord {
  try {
    return sbomRecord(sbom);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new PratiqueError('sbom/invalid', { path, problem: error.message }, error);
  }
}

const unverified: Diagnostic = {
  code: 'sbom/unverified',
  severity: 'info',
  message: 'the signature of the attestation was not verified',
};

function noDistribution(hint: string | undefined): Diagnostic {
  const named = /^(.+?)-(\d.*)$/.exec(hint ?? '');
  const advice = named ? ` (its package URLs suggest --distro ${named[1]}/${named[2]})` : '; name it with --distro';
  return {
    code: 'sbom/no-distribution',
    severity: 'error',
    message: `no component names the distribution, so system packages were not assessed${advice}`,
  };
}
