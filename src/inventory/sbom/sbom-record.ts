/** A bill of materials that is itself what is scanned, as the record of one layer. */
import { compact } from '#base';
import type { LayerRecord, Package, Sbom } from '#model';
import { packageUid } from '../uid.js';
import { sbomContent } from './sbom-content.js';

export interface SbomRecord {
  readonly record: LayerRecord;
  /** The distribution as package URLs name it, when system packages are there but no component names one. */
  readonly distributionHint?: string;
}

export function sbomRecord(sbom: Sbom): SbomRecord {
  const { os, packages, applications, diagnostics, distributionHint } = sbomContent(sbom);
  return compact({
    distributionHint,
    record: compact({
      opaqueDirs: [],
      whiteouts: [],
      os,
      packageFiles: packages.length > 0 ? [{ path: '', packages: packages.map((pkg) => identify(pkg, '')) }] : [],
      applications: applications.map((app) => ({
        ...app,
        packages: app.packages.map((pkg) => identify(pkg, app.path)),
      })),
      diagnostics,
    }),
  });
}

const identify = (pkg: Package, path: string): Package => ({ ...pkg, uid: packageUid(pkg, path) });
