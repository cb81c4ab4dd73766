/** A decoded OpenVEX or CSAF document as a source of verdicts. */
import type { CsafDocument, OpenVexDocument, VexProblem } from '#formats';
import type { Diagnostic } from '#model';
import { csafSource } from './csaf-source.js';
import { openVexSource } from './openvex-source.js';
import type { VexSource } from './vex-source.js';

export function documentSource(document: OpenVexDocument | CsafDocument, source: string): VexSource {
  return document.kind === 'openvex' ? openVexSource(document, source) : csafSource(document, source);
}

/** What of a document could not be understood and does not count. */
export function problemDiagnostics(problems: readonly VexProblem[], path: string): readonly Diagnostic[] {
  return problems.map(({ line, field, message }) => ({
    code: 'vex/left-out',
    severity: 'warning',
    message: `${field}: ${message}`,
    path,
    line,
  }));
}
