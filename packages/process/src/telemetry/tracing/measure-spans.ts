import type { Metrics } from '../metrics/metrics.ts';
import type { Tracing } from './start-tracing.ts';

/** Counts what becomes of the spans of a process. All counts stay 0 while it exports no traces. */
export function measureSpans({ counts }: Pick<Tracing, 'counts'>, metrics: Metrics): void {
  metrics.total({
    name: 'shop_trace_spans_total',
    help: 'Spans by outcome: exported, failed (the collector did not take them), dropped (there was no room)',
    labels: ['outcome'],
    read: () => Object.entries(counts).map(([outcome, value]) => ({ labels: { outcome }, value: Number(value) })),
  });
}
