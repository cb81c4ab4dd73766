/**
 * A VEX document of any kind, told by its content.
 * Errors  `FormatError` with line and field; see the decoders.
 */
import { FormatError } from '#base';
import { decodeCsaf, type CsafDocument } from './csaf.js';
import { parseLocatedJson } from './located-json.js';
import { decodeOpenVex, type OpenVexDocument } from './openvex.js';
import { fieldOf, isTable } from './untyped.js';
import { decodeCycloneDxVex, type CycloneDxVex } from './vex-cyclonedx.js';

export type VexDocument = OpenVexDocument | CsafDocument | CycloneDxVex;

export function decodeVex(text: string): VexDocument {
  const json = parseLocatedJson(text, { members: true });
  const { root } = json;
  if (!isTable(root)) throw new FormatError('line 1: a VEX document is a JSON object');
  if (fieldOf(root, 'bomFormat') === 'CycloneDX') return decodeCycloneDxVex(json);
  if (fieldOf(root, '@context') !== undefined) return decodeOpenVex(json);
  if (fieldOf(root, 'document') !== undefined || fieldOf(root, 'vulnerabilities') !== undefined)
    return decodeCsaf(json);
  throw new FormatError('neither OpenVEX (@context), CSAF (document) nor CycloneDX (bomFormat)');
}
