import type { Ran } from './program.js';

/** What tests look at in the JSON report. */
export interface JsonReport {
  readonly SchemaVersion: number;
  readonly ArtifactName: string;
  readonly ArtifactID?: string;
  readonly Metadata?: {
    readonly OS?: { readonly Family: string; readonly Name: string; readonly EOSL?: boolean };
    readonly ImageID?: string;
    readonly DiffIDs?: readonly string[];
    readonly RepoTags?: readonly string[];
    readonly RepoDigests?: readonly string[];
    readonly ImageConfig?: { readonly architecture?: string };
  };
  readonly Results?: readonly {
    readonly Target: string;
    readonly Class: string;
    readonly Type: string;
    readonly Packages?: readonly { readonly Name: string; readonly Version: string }[];
    readonly Licenses?: readonly { readonly Name: string }[];
    readonly Vulnerabilities?: readonly {
      readonly VulnerabilityID: string;
      readonly PkgName: string;
      readonly Severity: string;
      readonly InstalledVersion: string;
      readonly FixedVersion?: string;
      readonly Layer?: { readonly Digest?: string; readonly DiffID?: string };
    }[];
  }[];
  readonly Pratique?: { readonly Diagnostics?: readonly JsonDiagnostic[] };
}

export interface JsonDiagnostic {
  readonly Code: string;
  readonly Severity: string;
  readonly Message: string;
  readonly Path?: string;
}

/** The whole of stdout is one JSON document, or this throws. */
export function reportOf(ran: Ran): JsonReport {
  try {
    return JSON.parse(ran.stdout) as JsonReport;
  } catch (error) {
    throw new Error(`no JSON report: ${JSON.stringify(ran)}`, { cause: error });
  }
}

/** `id package` of every vulnerability, sorted. */
export function findingsOf(ran: Ran): string[] {
  return (reportOf(ran).Results ?? [])
    .flatMap((result) => result.Vulnerabilities ?? [])
    .map((found) => `${found.VulnerabilityID} ${found.PkgName}`)
    .sort();
}

export function diagnosticsOf(ran: Ran): readonly JsonDiagnostic[] {
  return reportOf(ran).Pratique?.Diagnostics ?? [];
}
