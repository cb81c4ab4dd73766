/**
 * `cosign-vuln`: the predicate that `cosign attest --type vuln` signs, with the whole report as result.
 * Source  https://github.com/sigstore/cosign/blob/main/specs/COSIGN_VULN_ATTESTATION_SPEC.md
 */
import type { Report } from '#model';
import { defineFormat, type FormatOptions } from './format.js';
import { jsonText } from './json-text.js';
import { MadeList, referenceVersion, reportHead, resultFields } from './report-json.js';

export const cosignVuln = defineFormat({
  id: 'cosign-vuln',
  title: 'vulnerability predicate for cosign',
  mediaType: 'application/json',
  extension: 'json',
  async *encode(report, options) {
    yield* jsonText(predicate(report, options));
    yield '\n';
  },
});

function predicate(report: Report, { version }: FormatOptions): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['invocation', { parameters: null, uri: '', event_id: '', 'builder.id': '' }],
    [
      'scanner',
      new Map<string, unknown>([
        // Policies ask for this scanner; which program really made the report is said in it.
        ['uri', `pkg:github/aquasecurity/trivy@${referenceVersion}`],
        ['version', referenceVersion],
        ['db', { uri: '', version: '' }],
        ['result', wholeReport(report, version)],
      ]),
    ],
    ['metadata', { scanStartedOn: report.createdAt, scanFinishedOn: report.createdAt }],
  ]);
}

/** An attestation holds all there is, whatever the user lists otherwise. */
function wholeReport(report: Report, version: string): ReadonlyMap<string, unknown> {
  const options = { listPackages: true, showSuppressed: true, version };
  return new Map<string, unknown>([
    ...Object.entries(reportHead(report, options)),
    ['Results', report.results.length > 0 ? results(report, options) : undefined],
  ]);
}

function* results(report: Report, options: Parameters<typeof resultFields>[2]): Generator<unknown> {
  for (const result of report.results) {
    const json = resultFields(result, report, options);
    if (json) yield new Map(Object.entries(json).map(([key, value]) => [key, piecewise(value)]));
  }
}

const piecewise = (value: unknown): unknown => (value instanceof MadeList ? value.values() : value);
