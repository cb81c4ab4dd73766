/** Which exception lets a finding through. */
import { FormatError } from '#base';
import { decodePurl } from '#formats';
import { purlMatches } from '../purl-matches.js';
import type { FindingException } from './finding-exception.js';

/** A finding, reduced to what exceptions can name. */
export interface ExceptionSubject {
  readonly id: string;
  readonly vendorIds?: readonly string[] | undefined;
  readonly package: string;
  readonly purl?: string | undefined;
}

export interface ExceptionImage {
  /** `registry/repository` */
  readonly repository: string;
  readonly digest?: string | undefined;
}

/** Those that are for an image by any of its names. */
export function exceptionsFor(
  exceptions: readonly FindingException[],
  names: readonly ExceptionImage[],
): readonly FindingException[] {
  const texts = names.flatMap(({ repository, digest }) =>
    digest ? [repository, `${repository}@${digest}`] : [repository],
  );
  return exceptions.filter(
    ({ images }) => images.length === 0 || images.some((glob) => texts.some((text) => glob.test(text))),
  );
}

/** Whether the finding is one it accepts, at whatever time. */
export function coversFinding({ ids, packages, purls }: FindingException, finding: ExceptionSubject): boolean {
  return (
    (ids.length === 0 || ids.includes(finding.id) || finding.vendorIds?.some((id) => ids.includes(id)) === true) &&
    (packages.length === 0 || packages.includes(finding.package)) &&
    (purls.length === 0 || coversPurl(purls, finding.purl))
  );
}

/** Of those that count now, the one that does longest. */
export function acceptedBy(
  exceptions: readonly FindingException[],
  finding: ExceptionSubject,
  now: number,
): FindingException | undefined {
  let longest: FindingException | undefined;
  for (const one of exceptions)
    if (one.expires > now && one.expires > (longest?.expires ?? 0) && coversFinding(one, finding)) longest = one;
  return longest;
}

/** What has no package URL is not covered: what was accepted must be known. */
function coversPurl(patterns: FindingException['purls'], text: string | undefined): boolean {
  if (text === undefined) return false;
  try {
    const purl = decodePurl(text);
    return patterns.some((pattern) => purlMatches(pattern, purl));
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}
