/**
 * A bill of materials from its bytes, whatever the format: CycloneDX in JSON or XML, SPDX 2 in JSON or tag-value,
 * SPDX 3 in JSON-LD, and attestations that hold one of them.
 * Reads   UTF-8; UTF-16 where a byte order mark says so, as shells of Windows write it.
 * Errors  `FormatError` naming line and field where there are any.
 */
import { FormatError } from '#base';
import type { Sbom } from '#model';
import { decodeCycloneDx } from './cyclonedx-decode.js';
import { readAttestation } from './dsse.js';
import { parseLocatedJson } from './located-json.js';
import { asTable, FieldError, nameOf } from './sbom-field.js';
import { decodeSpdx } from './spdx-decode.js';
import { decodeSpdxGraph, isSpdxGraph } from './spdx-decode-graph.js';
import { parseSpdxTagValue } from './spdx-decode-tag-value.js';
import { fieldOf, textOf } from './untyped.js';

/** The bill is reached only through an attestation when `attested`. */
export interface DecodedSbom {
  readonly sbom: Sbom;
  readonly attested: boolean;
}

export async function decodeSbom(bytes: Uint8Array): Promise<DecodedSbom> {
  return decodeText(decodeBytes(bytes), true);
}

async function decodeText(text: string, mayBeAttestation: boolean): Promise<DecodedSbom> {
  const start = /^\s*(?:(<)|(SPDX\w*:|#))?/.exec(text)!;
  if (start[1]) {
    const [{ parseXml }, { decodeCycloneDxXml }] = await Promise.all([
      import('./xml.js'),
      import('./cyclonedx-decode-xml.js'),
    ]);
    return { sbom: decodeCycloneDxXml(await parseXml(text)), attested: false };
  }
  if (start[2]) return { sbom: decodeSpdx(parseSpdxTagValue(text)), attested: false };
  if (text.trim() === '') throw new FormatError('the document is empty');
  const value = parseJson(text);
  const statement = mayBeAttestation ? readAttestation(value) : undefined;
  if (!statement) return { sbom: locating(text, () => decodeValue(value)), attested: false };
  if (!/^https:\/\/(?:cyclonedx\.org\/(?:bom|schema)|spdx\.dev\/Document)\b/.test(statement.predicateType))
    throw new FormatError(`the attestation is of type ${statement.predicateType}, which is no bill of materials`);
  const { predicate } = statement;
  const sbom = typeof predicate === 'string' ? (await decodeText(predicate, false)).sbom : decodeValue(predicate);
  return { sbom, attested: true };
}

function decodeValue(value: unknown): Sbom {
  if (textOf(value, 'bomFormat') === 'CycloneDX') return decodeCycloneDx(asTable(value));
  if (textOf(value, 'SPDXID') === 'SPDXRef-DOCUMENT' || textOf(value, 'spdxVersion') !== undefined)
    return decodeSpdx(asTable(value));
  if (isSpdxGraph(value)) return decodeSpdxGraph(asTable(value));
  // Some programs leave `bomFormat` out; the two fields together belong to no other format.
  if (/^1\.\d$/.test(textOf(value, 'specVersion') ?? '') && Array.isArray(fieldOf(value, 'components')))
    return decodeCycloneDx(asTable(value));
  throw new FormatError(
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? 'neither CycloneDX (bomFormat) nor SPDX (spdxVersion)'
      : `the document is ${nameOf(value)}, neither CycloneDX nor SPDX`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // One attestation a line, as cosign writes them: the first counts.
    const end = text.indexOf('\n');
    if (end > 0 && text.startsWith('{')) {
      try {
        return JSON.parse(text.slice(0, end));
      } catch {
        // Not that either: the error below names the line.
      }
    }
    return parseLocatedJson(text).root;
  }
}

/** Adds the line to errors that name a field. */
function locating<T>(text: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    const line = lineOf(text, error.path);
    throw line === undefined ? error : new FormatError(`line ${line}: ${error.message}`, { cause: error });
  }
}

/** The line of a field, or of the innermost object or list on the way to it. */
function lineOf(text: string, path: readonly (string | number)[]): number | undefined {
  const located = parseLocatedJson(text, { members: true });
  let line: number | undefined;
  let value = located.root;
  for (const key of path) {
    line = located.linesOf(value)?.start ?? line;
    if (Array.isArray(value)) line = located.lineOfElement(value, Number(key))?.start ?? line;
    else line = located.lineOfMember(value, String(key)) ?? line;
    value = Array.isArray(value) ? value[Number(key)] : fieldOf(value, String(key));
  }
  return located.linesOf(value)?.start ?? line;
}

function decodeBytes(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}
