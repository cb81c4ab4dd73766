/** What matching would say had it not been asked: every package is listed, nothing was found. */
import type { Inventory } from '#model';
import type { MatchResult } from '#match';

export function unmatched({ os, applications }: Inventory): MatchResult {
  return {
    ...(os && { os: { supported: true, assessed: true, vulnerabilities: [] } }),
    applications: applications
      .filter(({ packages }) => packages.length > 0)
      .map((application) => ({ application, assessed: true, vulnerabilities: [] })),
    diagnostics: [],
  };
}
