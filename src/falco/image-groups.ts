/**
 * Images by the worst that was found in them. An image is in one group, so that one rule fires for it whatever
 * `rule_matching` says; where several reports speak of a name, the worst counts.
 * Limits  100,000 names of a kind in a group, then `limit/exceeded`.
 */
import { PratiqueError } from '#base';
import { severities, type Severity, type Vulnerability } from '#model';
import { isExploited, type ScannedImage, vulnerabilitiesOf } from './scanned-image.js';
import { spellings } from './image-name.js';

/** Worst first. */
export const groupNames = ['exploited', 'critical', 'high', 'medium', 'low', 'unknown'] as const;
export type GroupName = (typeof groupNames)[number];

export interface ImageGroup {
  readonly name: GroupName;
  /** Sorted, each once. */
  readonly repositories: readonly string[];
  readonly tags: readonly string[];
  readonly digests: readonly string[];
}

export interface GroupChoice {
  readonly severities: readonly Severity[];
  readonly ignoreUnfixed: boolean;
}

const kinds = ['repositories', 'tags', 'digests'] as const;
const MAX_NAMES = 100_000;

export function groupImages(images: readonly ScannedImage[], choice: GroupChoice): ImageGroup[] {
  const worst = { repositories: new Map<string, number>(), tags: new Map(), digests: new Map() };
  for (const image of images) {
    const group = groupOf(vulnerabilitiesOf(image.report).filter((found) => counts(found, choice)));
    if (group === undefined) continue;
    const named = {
      repositories: image.repositories.flatMap(spellings),
      tags: image.tags.flatMap(spellings),
      digests: image.digests,
    };
    for (const kind of kinds)
      for (const name of named[kind]) worst[kind].set(name, Math.min(group, worst[kind].get(name) ?? group));
  }
  return groupNames.map((name, index) => {
    const list = (kind: (typeof kinds)[number]): string[] => {
      const found = [...worst[kind]].flatMap(([text, group]) => (group === index ? [text] : [])).sort();
      if (found.length > MAX_NAMES)
        throw new PratiqueError('limit/exceeded', { what: `the list of ${kind} (${name})`, limit: MAX_NAMES });
      return found;
    };
    return { name, repositories: list('repositories'), tags: list('tags'), digests: list('digests') };
  });
}

function counts(found: Vulnerability, { severities: chosen, ignoreUnfixed }: GroupChoice): boolean {
  return chosen.includes(found.severity) && !(ignoreUnfixed && !found.fixedVersion);
}

/** Index in `groupNames`; `undefined` when there is nothing. */
function groupOf(found: readonly Vulnerability[]): number | undefined {
  if (found.length === 0) return undefined;
  if (found.some(isExploited)) return 0;
  return severities.length - Math.max(...new Set(found.map(({ severity }) => severities.indexOf(severity))));
}
