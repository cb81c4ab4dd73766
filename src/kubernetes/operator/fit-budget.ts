/**
 * Keeps an object under a number of bytes, since API servers refuse large ones and their store suffers from many: the least
 * severe findings go, the counts stay, and `truncated` says so.
 */
import type { ReportBody } from './vulnerability-report.js';

/** Findings are expected worst first. */
export function fitBudget(body: ReportBody, bytes: number): ReportBody {
  const { vulnerabilities = [] } = body;
  let left =
    bytes - sizeOf({ ...body, vulnerabilities: [], truncated: true, pratique: { ...body.pratique, omitted: 1e6 } });
  let kept = 0;
  for (const one of vulnerabilities) {
    // And a comma.
    left -= sizeOf(one) + 1;
    if (left < 0) break;
    kept++;
  }
  if (kept === vulnerabilities.length) return body;
  return {
    ...body,
    vulnerabilities: vulnerabilities.slice(0, kept),
    truncated: true,
    pratique: { ...body.pratique, omitted: vulnerabilities.length - kept + (body.pratique.omitted ?? 0) },
  };
}

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
