/** What one walk over a tree collects: packages always, secrets when they are looked for. */
import { createCollector, type ExtractionPlan } from '#inventory';
import type { LayerRecord, TreeVisitor } from '#model';
import { combineVisitors } from './combine-visitors.js';
import type { SecretScan } from './secret-scan.js';

export interface TreeReading {
  readonly visitor: TreeVisitor;
  /** Call once, after the walk. */
  finish(identity?: Pick<LayerRecord, 'size'>): Promise<LayerRecord>;
}

export function startReading(plan: ExtractionPlan, secrets: SecretScan | undefined): TreeReading {
  const collector = createCollector(plan);
  if (!secrets) return { visitor: collector, finish: (identity) => collector.finish(identity) };
  const scanner = secrets.visitor();
  return {
    visitor: combineVisitors(collector, scanner),
    async finish(identity) {
      const record = await collector.finish(identity);
      const { secretFiles, diagnostics } = scanner.finish();
      return { ...record, secretFiles, diagnostics: [...record.diagnostics, ...diagnostics] };
    },
  };
}
