/**
 * Policies: what an image must be like to run. Read from the spec of an `ImagePolicy` resource or from YAML in a ConfigMap.
 * Reads   values of unknown shape; numbers and booleans may be written as text.
 * Yields  a policy with all defaults filled in, and a hash of what it says.
 * Limits  1,000 exceptions, 1,000 elements a list, 1,000 characters a text.
 * Errors  `FormatError` with the path of the field; unknown fields are errors, since a rule with a typing error is no rule.
 */
import { createHash } from 'node:crypto';
import { FormatError } from '#base';
import { severities, type Severity } from '#model';
import { canonicalRegistry, type FindingException, readPolicyException, TableReader } from '#policy';
import type { Measure } from './image-facts.js';
import { readSignaturePolicy, type SignaturePolicy } from './signature-policy.js';

export type PolicyMode = 'enforce' | 'warn' | 'audit';
export const policyModes: readonly PolicyMode[] = ['enforce', 'warn', 'audit'];

export interface ImagePolicy {
  /** For messages: `ImagePolicy team-a/strict`. */
  readonly name: string;
  /** Of the content; equal policies have equal hashes. */
  readonly hash: string;
  readonly mode: PolicyMode;
  /** For an image that nobody has scanned yet. `wait` scans it and denies what takes longer. */
  readonly unknownImage: 'allow' | 'deny' | 'wait';
  readonly waitSeconds: number;
  /** For an image that could be assessed in part only. */
  readonly incompleteScan: 'allow' | 'deny';
  /** Facts older than this count as unknown. */
  readonly maxScanAgeHours?: number;
  readonly maxImageAgeDays?: number;
  readonly vulnerabilities: VulnerabilityRule;
  /** Registries or repositories, with all that is below them; none: any. */
  readonly allowedRegistries: readonly string[];
  readonly requireDigest: boolean;
  /** Absent: they do not matter. */
  readonly signatures?: SignaturePolicy;
  readonly exceptions: readonly FindingException[];
  /** `VulnerabilityException` resources of the namespace count, too. */
  readonly exceptionResources: boolean;
  readonly breakGlass: { readonly allowed: boolean; readonly groups: readonly string[] };
}

export interface VulnerabilityRule {
  readonly severities: readonly Severity[];
  readonly fixableOnly: boolean;
  /** Days after publication in which a vulnerability does not count yet. */
  readonly graceDays: number;
  /** What is known to be exploited counts whatever its severity, fix and age. */
  readonly knownExploited: boolean;
  /** What is exploited with at least this probability counts like that, too; from 0 to 1. */
  readonly epss?: number;
}

/** What holds where nobody wrote a policy: warn of critical findings that can be fixed. */
export const builtInPolicy: ImagePolicy = parseImagePolicy({ mode: 'warn' }, 'the built-in policy');

export function parseImagePolicy(spec: unknown, name: string): ImagePolicy {
  const read = new TableReader(spec ?? {}, '', 'the policy');
  const policy = {
    name,
    hash: createHash('sha256')
      .update(JSON.stringify(spec ?? {}))
      .digest('hex')
      .slice(0, 16),
    mode: read.oneOf('mode', policyModes, 'enforce'),
    unknownImage: read.oneOf('unknownImage', ['allow', 'deny', 'wait'] as const, 'allow'),
    waitSeconds: read.number('waitSeconds', 5, 0, 25),
    incompleteScan: read.oneOf('incompleteScan', ['allow', 'deny'] as const, 'allow'),
    vulnerabilities: vulnerabilityRule(read.child('vulnerabilities')),
    allowedRegistries: read.texts('allowedRegistries').map(canonicalRegistry),
    requireDigest: read.flag('requireDigest', false),
    exceptions: read.children('exceptions').map((one) => readPolicyException(one, name)),
    exceptionResources: read.flag('exceptionResources', true),
    breakGlass: breakGlass(read.child('breakGlass')),
  };
  const age = read.number('maxScanAgeHours', 0, 0, 24 * 3650);
  const imageAge = read.number('maxImageAgeDays', 0, 0, 36_500);
  const signatures = readSignaturePolicy(read);
  read.end();
  return {
    ...policy,
    ...(age > 0 && { maxScanAgeHours: age }),
    ...(imageAge > 0 && { maxImageAgeDays: imageAge }),
    ...(signatures && { signatures }),
  };
}

/** What the facts of an image must tell for the policy to judge it. */
export function* measuresOf({ vulnerabilities, maxImageAgeDays }: ImagePolicy): Generator<Measure> {
  if (vulnerabilities.knownExploited) yield 'exploited';
  if (vulnerabilities.epss !== undefined) yield 'epss';
  if (maxImageAgeDays !== undefined) yield 'created';
}

function vulnerabilityRule(read: TableReader): VulnerabilityRule {
  const epss = read.optionalNumber('epss', 0, 1);
  const rule = {
    ...(epss !== undefined && { epss }),
    severities: read.texts('severities', ['CRITICAL']).map((text) => {
      const severity = severities.find((one) => one === text.toUpperCase());
      if (!severity) throw new FormatError(`${read.path}.severities: ${text} is not one of ${severities.join(', ')}`);
      return severity;
    }),
    fixableOnly: read.flag('fixableOnly', true),
    graceDays: read.number('graceDays', 0, 0, 3650),
    knownExploited: read.flag('knownExploited', false),
  };
  read.end();
  return rule;
}

function breakGlass(read: TableReader): ImagePolicy['breakGlass'] {
  const found = { allowed: read.flag('allowed', false), groups: read.texts('groups') };
  read.end();
  return found;
}
