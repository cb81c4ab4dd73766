/**
 * The results of a report as values of a template: fields by the names of the JSON report. A field that the type has
 * and the report leaves out is the empty value of its type; a field that no type has is an error in the template.
 */
import type { FormatOptions } from '../format.js';
import type { Report } from '#model';
import { resultJson } from '../report-json.js';
import { GoTime } from './go-time.js';
import { Struct, type Value } from './values.js';

const fieldsOf = (names: string, empty: Value): readonly (readonly [string, Value])[] =>
  names.split(/\s+/).map((name) => [name, empty]);

/** Every field of every type of the report, with its empty value. */
const emptyValues: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...fieldsOf(
    `Target Class Type ID Name Version Release Arch SrcName SrcVersion SrcRelease Maintainer Modularitylabel FilePath
    Digest AnalyzedBy Relationship PURL UID BOMRef VulnerabilityID PkgID PkgName PkgPath InstalledVersion FixedVersion
    Status SeveritySource PrimaryURL Fingerprint Title Description Severity BaseID URL DiffID CreatedBy RuleID Category
    Match Text Link Content Highlighted Annotation Nvr Statement Source Namespace Query Message Resolution AVDID
    Resource Provider Service V2Vector V3Vector V40Vector Filename`,
    '',
  ),
  ...fieldsOf(
    'StartLine EndLine Offset Size Epoch SrcEpoch Number Confidence Successes Failures Exceptions V2Score V3Score V40Score',
    0,
  ),
  ...fieldsOf('IsCause Truncated FirstCause LastCause Dev Indirect', false),
  ...fieldsOf(
    `Packages Vulnerabilities Misconfigurations Secrets Licenses CustomResources ModifiedFindings VendorIDs CweIDs
    References DependsOn Locations InstalledFiles ContentSets Lines Occurrences Traces ExperimentalModifiedFindings`,
    [],
  ),
  ...fieldsOf('VendorSeverity CVSS', new Map()),
  ...fieldsOf(
    'PkgIdentifier Identifier Layer Code CauseMetadata BuildInfo Repository RenderedCause Location',
    new Struct(new Map()),
  ),
  ...fieldsOf('DataSource MisconfSummary PublishedDate LastModifiedDate Custom Pratique', undefined),
]);

/** One at a time, in the order of the report. */
export function resultValues(report: Report, options: FormatOptions): readonly Value[] {
  const choice = { listPackages: true, version: options.version, showSuppressed: options.showSuppressed === true };
  return report.results.flatMap((result) => {
    const json = resultJson(result, report, choice);
    return json ? [toValue('', json)] : [];
  });
}

const maps: ReadonlySet<string> = new Set(['VendorSeverity', 'CVSS']);
const times: ReadonlySet<string> = new Set(['PublishedDate', 'LastModifiedDate']);

function toValue(key: string, json: unknown): Value {
  if (typeof json === 'string') {
    const milliseconds = times.has(key) ? Date.parse(json) : NaN;
    return Number.isNaN(milliseconds) ? json : new GoTime(milliseconds);
  }
  if (typeof json === 'number' || typeof json === 'boolean') return json;
  if (Array.isArray(json)) return json.map((one) => toValue('', one));
  if (typeof json !== 'object' || json === null) return undefined;
  const fields = new Map(Object.entries(json).map(([name, value]) => [name, toValue(name, value)]));
  return maps.has(key) ? fields : new Struct(fields);
}

/** Throws for a name that no type has. `Vulnerability` is the part of a finding that tells of the advisory. */
export function fieldOf(value: Struct, name: string): Value {
  const found = value.fields.get(name);
  if (found !== undefined) return found;
  if (name === 'Vulnerability' && value.fields.has('VulnerabilityID')) return value;
  if (!emptyValues.has(name)) throw new Error(`there is no field ${name}`);
  return emptyValues.get(name);
}
