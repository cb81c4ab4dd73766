/**
 * Counters, gauges and histograms in the text format of Prometheus.
 * Limits  labels take values from closed sets only; beyond 200 series of a metric, new ones are counted as `other`.
 * Source  https://github.com/prometheus/docs/blob/main/docs/instrumenting/exposition_formats.md
 */
export interface Metrics {
  count(name: string, labels?: Labels, by?: number): void;
  /** Of a histogram, in seconds. */
  observe(name: string, seconds: number): void;
  text(): string;
}

export type Labels = Readonly<Record<string, string>>;

export interface MetricSpec {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** Of a gauge: asked at each reading; `undefined` leaves it out. */
  readonly read?: () => number | undefined;
}

const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const MAX_SERIES = 200;

interface Histogram {
  readonly counts: number[];
  sum: number;
  count: number;
}

export function createMetrics(specs: readonly MetricSpec[]): Metrics {
  const counters = new Map<string, Map<string, number>>();
  const histograms = new Map<string, Histogram>();
  for (const { name, type } of specs) {
    if (type === 'counter') counters.set(name, new Map());
    if (type === 'histogram') histograms.set(name, { counts: bounds.map(() => 0), sum: 0, count: 0 });
  }
  return {
    count(name, labels = {}, by = 1) {
      const series = counters.get(name)!;
      const key = labelText(labels);
      const known = series.has(key) || series.size < MAX_SERIES;
      const shown = known ? key : labelText(Object.fromEntries(Object.keys(labels).map((label) => [label, 'other'])));
      series.set(shown, (series.get(shown) ?? 0) + by);
    },
    observe(name, seconds) {
      const histogram = histograms.get(name)!;
      histogram.sum += seconds;
      histogram.count++;
      const at = bounds.findIndex((bound) => seconds <= bound);
      if (at >= 0) histogram.counts[at]!++;
    },
    text: () =>
      specs
        .map((spec) => {
          const lines = [...seriesLines(spec, counters.get(spec.name), histograms.get(spec.name))];
          return [`# HELP ${spec.name} ${spec.help}`, `# TYPE ${spec.name} ${spec.type}`, ...lines, ''].join('\n');
        })
        .join(''),
  };
}

function* seriesLines(
  { name, read }: MetricSpec,
  counter: ReadonlyMap<string, number> | undefined,
  histogram: Histogram | undefined,
): Generator<string> {
  for (const [labels, value] of counter ?? []) yield `${name}${labels} ${value}`;
  const value = read?.();
  if (value !== undefined) yield `${name} ${value}`;
  if (!histogram) return;
  let sum = 0;
  for (const [i, bound] of bounds.entries()) {
    sum += histogram.counts[i]!;
    yield `${name}_bucket{le="${bound}"} ${sum}`;
  }
  yield `${name}_bucket{le="+Inf"} ${histogram.count}`;
  yield `${name}_sum ${histogram.sum}`;
  yield `${name}_count ${histogram.count}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([key, value]) => `${key}="${value.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))}"`,
  );
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}
