/** A bill of materials instead of an artifact: its packages are matched as if they had been found. */
import { isAbsolute, join } from 'node:path';
import { openSbom } from '#artifact';
import { sbomRecord } from '#inventory';
import type { Diagnostic, LayerRecord, Report, Sbom } from '#model';
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
  const { sbom, attested, metadata } = await openSbom(isAbsolute(path) ? path : join(cwd, path), path);
  const { record, distributionHint } = sbomRecord(sbom);
  const diagnostics = [...record.diagnostics];
  if (attested) diagnostics.push(unverified);
  if (!record.os && !options.distro && record.packageFiles.length > 0)
    diagnostics.push(noDistribution(distributionHint));
  return {
    artifactName: path,
    artifactType: sbom.format,
    metadata,
    records: [{ ...record, diagnostics }],
    sbom,
  };
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
