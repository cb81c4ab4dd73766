/**
 * A report in no more bytes than given. What is left out is told: `truncated`, and how many; the summary counts everything.
 * Where a report cannot be that small even without any item, the smallest one is the answer: writing it tells the rest.
 */
import type { ReportHead } from './image-report.js';
import type { Bill, SbomBody } from './sbom-report.js';
import type { ReportBody } from './vulnerability-report.js';

/** Keeps the first of the items of the list `key`: they are expected in the order of their weight. */
export function fitList<Body extends ReportHead>(body: Body, key: keyof Body & string, bytes: number): Body {
  const items = (body[key] ?? []) as readonly unknown[];
  const put = (kept: readonly unknown[]): Body => ({ ...body, [key]: kept });
  return fitted(body, items, bytes, put);
}

/** Open findings before accepted ones. */
export function fitFindings(body: ReportBody, bytes: number): ReportBody {
  const { vulnerabilities = [] } = body;
  const { accepted = [], ...rest } = body.pratique;
  return fitted(body, [...vulnerabilities, ...accepted], bytes, (kept) => {
    const left = accepted.slice(0, Math.max(0, kept.length - vulnerabilities.length));
    return {
      ...body,
      vulnerabilities: vulnerabilities.slice(0, kept.length),
      pratique: { ...rest, ...(left.length > 0 && { accepted: left }) },
    };
  });
}

/** A component goes together with what it depends on. */
export function fitBill(body: SbomBody, bytes: number): SbomBody {
  const { components: bill } = body;
  if (!bill) return body;
  const edges = new Map((bill.dependencies ?? []).map((edge) => [edge.ref, edge]));
  const items = (bill.components ?? []).map((component) => ({
    component,
    edge: edges.get(component['bom-ref'] ?? ''),
  }));
  const refs = new Set(items.map(({ component }) => component['bom-ref']));
  const others = (bill.dependencies ?? []).filter(({ ref }) => !refs.has(ref));
  return fitted(body, items, bytes, (kept) => {
    const components = kept.map(({ component }) => component);
    const present = new Set([...components.map((one) => one['bom-ref']), ...others.map(({ ref }) => ref)]);
    const dependencies = [...others, ...kept.flatMap(({ edge }) => edge ?? [])].map(({ ref, dependsOn }) => ({
      ref,
      ...(dependsOn && { dependsOn: dependsOn.filter((one) => present.has(one)) }),
    }));
    return { ...body, components: { ...bill, components, dependencies } satisfies Bill };
  });
}

function fitted<Body extends ReportHead, Item>(
  body: Body,
  items: readonly Item[],
  bytes: number,
  put: (kept: readonly Item[]) => Body,
): Body {
  if (sizeOf(body) <= bytes) return body;
  const short = (kept: readonly Item[]): Body => {
    const less = put(kept);
    const omitted = items.length - kept.length + (body.pratique.omitted ?? 0);
    return { ...less, truncated: true, pratique: { ...less.pratique, omitted } };
  };
  let left = bytes - sizeOf(short([])) - SPARE;
  let kept = 0;
  for (const item of items) {
    // And a comma.
    left -= sizeOf(item) + 1;
    if (left < 0) break;
    kept++;
  }
  return short(items.slice(0, kept));
}

/** For more digits of the number of what was left out, and the name of a list that was empty. */
const SPARE = 32;

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
