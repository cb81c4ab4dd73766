/**
 * Packages × advisories → findings. Reads an inventory and an advisory lookup, both already bounded; never throws for
 * what they hold. What could not be assessed comes back as diagnostics beside the findings.
 * Findings keep the order of packages and advisories; `compareVulnerabilities` (model) is the order of reports.
 */
import type { AdvisoryLookup, Application, Diagnostic, Inventory, OperatingSystem, Vulnerability } from '#model';
import { describer } from './details.js';
import type { Hit } from './hit.js';
import { isAdvised, matchApplication } from './library/match-application.js';
import { Notes } from './notes.js';
import { matchSystem } from './os/match-system.js';
import { rememberingLookup } from './remembering-lookup.js';

export interface MatchOptions {
  /** Decides which releases are past their end of life. */
  readonly now: Date;
  readonly packageTypes: readonly ('os' | 'library')[];
  /** Whose rating counts, first found first; `auto` asks the publisher of the advisory. */
  readonly severitySources: readonly string[];
}

export interface MatchResult {
  /** Present when system packages were asked for and the inventory has a system or such packages. */
  readonly os?: MatchedSystem;
  /** Those with a package, in the inventory's order; none when library packages were not asked for. */
  readonly applications: readonly MatchedApplication[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface MatchedSystem {
  /** Whether packages of this system can be matched at all. */
  readonly supported: boolean;
  /** False when nothing could be compared: the database has no advisories for this system. */
  readonly assessed: boolean;
  /** Support of the release has ended; absent while it lasts, or when the release is unknown. */
  readonly endOfLife?: boolean;
  readonly vulnerabilities: readonly Vulnerability[];
}

export interface MatchedApplication {
  readonly application: Application;
  /** False when nothing could be compared: nobody publishes advisories, or the database has none. */
  readonly assessed: boolean;
  readonly vulnerabilities: readonly Vulnerability[];
}

export function matchInventory(
  inventory: Inventory,
  advisories: AdvisoryLookup,
  { now, packageTypes, severitySources }: MatchOptions,
): MatchResult {
  const lookup = rememberingLookup(advisories);
  const notes = new Notes();
  const describe = describer(lookup, severitySources);
  const os = packageTypes.includes('os') ? systemOf(inventory) : undefined;
  const system = os && matchedSystem(matchSystem(inventory, os, lookup, notes, now), notes, describe);
  const applications = packageTypes.includes('library') ? inventory.applications : [];
  const matched = applications
    .filter(({ packages }) => packages.length > 0)
    .map((application) => ({
      application,
      assessed: isAdvised(application.type, lookup),
      vulnerabilities: matchApplication(application, lookup, notes).map(describe),
    }));
  return { ...(system && { os: system }), applications: matched, diagnostics: notes.diagnostics() };
}

/** Packages without a recognised system belong to an unknown one. */
function systemOf({ os, packages }: Inventory): OperatingSystem | undefined {
  return os ?? (packages.length > 0 ? { family: 'none', name: '' } : undefined);
}

function matchedSystem(
  { supported, endOfLife, hits }: ReturnType<typeof matchSystem>,
  notes: Notes,
  describe: (hit: Hit) => Vulnerability,
): MatchedSystem {
  // Notes of the system come first, so one about missing advisories is about the system.
  const assessed = supported && !notes.has('match/advisories-missing') && !notes.has('match/unsupported');
  return { supported, assessed, ...(endOfLife && { endOfLife }), vulnerabilities: hits.map(describe) };
}
