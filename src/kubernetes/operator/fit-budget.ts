/**
 * Keeps an object under a number of bytes, since API servers refuse large ones and their store suffers from many: the least
 * severe findings go, the counts stay, and `truncated` says so.
 */
import type { ReportBody } from './vulnerability-report.js';

/** Findings are expected worst first. */
export function fitBudget(body: ReportBody, bytes: number): ReportBody {
  const { vulnerabilities = [] } = body;
  const { accepted = [], ...pratique } = body.pratique;
  const empty = { ...pratique, accepted: [], omitted: 1e6 };
  let left = bytes - sizeOf({ ...body, vulnerabilities: [], truncated: true, pratique: empty });
  const fitting = <T>(findings: readonly T[]): readonly T[] => {
    const end = findings.findIndex((one) => {
      // And a comma.
      left -= sizeOf(one) + 1;
      return left < 0;
    });
    return end < 0 ? findings : findings.slice(0, end);
  };
  const open = fitting(vulnerabilities);
  const rest = fitting(accepted);
  const omitted = vulnerabilities.length - open.length + accepted.length - rest.length;
  if (omitted === 0) return body;
  return {
    ...body,
    vulnerabilities: open,
    truncated: true,
    pratique: {
      ...pratique,
      ...(rest.length > 0 && { accepted: rest }),
      omitted: omitted + (body.pratique.omitted ?? 0),
    },
  };
}

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
