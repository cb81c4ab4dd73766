/** The verdicts of a CycloneDX document about the bill of materials that was scanned. */
import { decodePurl, encodePurl, type CycloneDxAnalysis, type CycloneDxVex } from '#formats';
import { FormatError } from '#base';
import type { VexSource } from './vex-source.js';

/** Identity of a CycloneDX document. */
export interface BomIdentity {
  readonly serialNumber?: string;
  /** Any, when it is not known. */
  readonly version?: number;
  /** Addresses of VEX that the document points to. */
  readonly vexReferences?: readonly string[];
}

export function cycloneDxSource(document: CycloneDxVex, bom: BomIdentity): VexSource {
  const byVulnerability = new Map<string, CycloneDxAnalysis[]>();
  for (const analysis of document.analyses) {
    const list = byVulnerability.get(analysis.id);
    if (list) list.push(analysis);
    else byVulnerability.set(analysis.id, [analysis]);
  }
  // Links name the document by its number; one without a number cannot be meant.
  const serialNumber = bom.serialNumber?.toLowerCase();
  return {
    judge(vulnerability, product) {
      const found = byVulnerability
        .get(vulnerability)
        ?.findLast(({ affects }) =>
          affects.some(
            (link) =>
              serialNumber !== undefined &&
              link.serialNumber === serialNumber &&
              (bom.version === undefined || link.version === bom.version) &&
              spellings(link.reference).some((name) => product.names.includes(name)),
          ),
        );
      if (found?.status !== 'not_affected' && found?.status !== 'fixed') return undefined;
      return { status: found.status, statement: found.justification ?? found.detail ?? '', source: 'CycloneDX VEX' };
    },
  };
}

/** As it is written, percent-decoded, and as a package URL in its canonical form. */
function spellings(reference: string): readonly string[] {
  const out = [reference];
  try {
    out.push(decodeURIComponent(reference));
  } catch {
    // An escape that is none: the reference is meant as written.
  }
  try {
    if (reference.startsWith('pkg:')) out.push(encodePurl(decodePurl(reference)));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
  return out;
}
