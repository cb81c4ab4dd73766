/**
 * JSON values of the advisory store, checked for the types their readers rely on.
 * Shape   fields by name; unknown ones pass; `null` counts as absent, as the reference's decoder has it.
 * Errors  FormatError that says which field is wrong; the store adds bucket and key.
 * Source  https://github.com/aquasecurity/trivy-db/blob/main/pkg/types/types.go
 */
import { FormatError } from '#base';
import type { ExploitProbability, StoredAdvisory, StoredVulnerability } from '#model';

type Shape = 'string' | 'number' | 'integer' | { readonly list: Shape } | { readonly map: Shape } | Fields;
interface Fields {
  readonly fields: ReadonlyMap<string, Shape>;
}

const fields = (shapes: Readonly<Record<string, Shape>>): Fields => ({ fields: new Map(Object.entries(shapes)) });
const strings: Shape = { list: 'string' };
const integers: Shape = { list: 'integer' };

const entryShape = fields({
  FixedVersion: 'string',
  Arches: strings,
  VendorIDs: strings,
  Status: 'integer',
  Cves: { list: fields({ ID: 'string', Severity: 'integer' }) },
  Affected: integers,
});
const advisoryShape = fields({
  FixedVersion: 'string',
  AffectedVersion: 'string',
  VulnerableVersions: strings,
  PatchedVersions: strings,
  UnaffectedVersions: strings,
  VendorIDs: strings,
  Status: 'integer',
  Severity: 'integer',
  OSes: strings,
  Arches: strings,
  Entries: { list: entryShape },
});
const scoreShape = fields({
  V2Vector: 'string',
  V3Vector: 'string',
  V40Vector: 'string',
  V2Score: 'number',
  V3Score: 'number',
  V40Score: 'number',
});
const vulnerabilityShape = fields({
  Title: 'string',
  Description: 'string',
  Severity: 'string',
  CweIDs: strings,
  VendorSeverity: { map: 'integer' },
  CVSS: { map: scoreShape },
  References: strings,
  PublishedDate: 'string',
  LastModifiedDate: 'string',
});
const sourceShape = fields({ ID: 'string', Name: 'string', URL: 'string', BaseID: 'string' });

const probabilityShape = fields({ Score: 'number', Percentile: 'number' });

export type StoredSource = Readonly<Partial<Record<'ID' | 'Name' | 'URL' | 'BaseID', string>>>;

export const parseAdvisory = (json: string): StoredAdvisory => parse(json, advisoryShape) as StoredAdvisory;
export const parseVulnerability = (json: string): StoredVulnerability =>
  parse(json, vulnerabilityShape) as StoredVulnerability;
export const parseIndices = (json: string): readonly number[] => parse(json, integers) as readonly number[];
export function parseProbability(json: string): ExploitProbability | undefined {
  const { Score: score, Percentile: percentile = 0 } = parse(json, probabilityShape) as {
    readonly Score?: number;
    readonly Percentile?: number;
  };
  return score === undefined ? undefined : { score, percentile };
}
export const parseSource = (json: string): StoredSource => parse(json, sourceShape) as StoredSource;

function parse(json: string, shape: Shape): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (error) {
    throw new FormatError('not valid JSON', { cause: error });
  }
  const problem = misfit(parsed, shape);
  if (problem !== undefined) throw new FormatError(`not as expected: ${problem.trim()}`);
  return parsed;
}

/** What is wrong with a value, after the path to it; `undefined` when it fits. Nulls in objects are taken out. */
function misfit(value: unknown, shape: Shape): string | undefined {
  if (shape === 'integer') return Number.isSafeInteger(value) ? undefined : ' is not an integer';
  if (typeof shape === 'string') return typeof value === shape ? undefined : ` is not a ${shape}`;
  if ('list' in shape) {
    if (!Array.isArray(value)) return ' is not a list';
    for (const element of value) {
      const problem = misfit(element, shape.list);
      if (problem !== undefined) return `[]${problem}`;
    }
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ' is not an object';
  for (const key of Object.keys(value)) {
    const inner = 'map' in shape ? shape.map : shape.fields.get(key);
    if (!inner) continue;
    const field = (value as Record<string, unknown>)[key];
    if (field === null) delete (value as Record<string, unknown>)[key];
    else {
      const problem = misfit(field, inner);
      if (problem !== undefined) return `.${key}${problem}`;
    }
  }
  return undefined;
}
