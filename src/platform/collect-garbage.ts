/**
 * Frees buffers that nobody uses any more. Node does that by itself in time; Bun lets them pile up far beyond what is in
 * use, so whoever streams much calls this now and then. https://bun.com/docs/project/benchmarking#heap-snapshots
 */
export function collectGarbage(): void {
  (globalThis as { readonly Bun?: { gc(now: boolean): void } }).Bun?.gc(true);
}
