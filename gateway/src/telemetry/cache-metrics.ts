import type { Metrics } from '@shop/process';
import type { GatewayCache } from '../cache/gateway-cache.ts';

/** Adds what the cache counts, and what it holds. Without a cache the metrics have no values. */
export function addCacheMetrics(metrics: Metrics, cache: GatewayCache | undefined): void {
  const levels = ['answer', 'part'] as const;
  metrics.total({
    name: 'shop_gateway_cache_lookups_total',
    help: 'Lookups in the cache by level, answer (of an operation) or part (an entity, or root fields of a subgraph), and result',
    labels: ['level', 'result'],
    read: () =>
      levels.flatMap((level) =>
        (['hit', 'miss'] as const).flatMap((result) =>
          cache === undefined ? [] : [{ labels: { level, result }, value: cache.counts[level][result] }],
        ),
      ),
  });
  metrics.total({
    name: 'shop_gateway_cache_stores_total',
    help: 'Answers and parts by outcome: kept, or refused because they may have changed since they were read',
    labels: ['level', 'outcome'],
    read: () =>
      levels.flatMap((level) =>
        (['kept', 'refused'] as const).flatMap((outcome) =>
          cache === undefined ? [] : [{ labels: { level, outcome }, value: cache.counts[level][outcome] }],
        ),
      ),
  });
  metrics.total({
    name: 'shop_gateway_cache_invalidations_total',
    help:
      'Changes that the cache took in, by cause: event, gap (events of a stream may be missing, so all that depends on it is dropped), ' +
      'write (a mutation of this gateway)',
    labels: ['cause'],
    read: () =>
      (['event', 'gap', 'write'] as const).flatMap((cause) =>
        cache === undefined ? [] : [{ labels: { cause }, value: cache.counts.invalidations[cause] }],
      ),
  });
  metrics.total({
    name: 'shop_gateway_cache_shared_lookups_total',
    help:
      'Lookups of parts in Redis by result: hit, miss, refused (it may be older than an event or a write), or failed. Absent without ' +
      'REDIS_URL',
    labels: ['result'],
    read: () =>
      (['hit', 'miss', 'refused', 'failed'] as const).flatMap((result) =>
        cache?.shared === undefined ? [] : [{ labels: { result }, value: cache.shared.counts[result] }],
      ),
  });
  metrics.total({
    name: 'shop_gateway_cache_evictions_total',
    help: 'Entries that were dropped because CACHE_BYTES bounds the memory',
    read: () => (cache === undefined ? [] : [{ value: cache.counts.evictions }]),
  });
  metrics.gauge({
    name: 'shop_gateway_cache_entries',
    help: 'Answers and parts of answers that are kept. Absent without a cache',
    read: () => (cache === undefined ? [] : cache.state.entries),
  });
  metrics.gauge({
    name: 'shop_gateway_cache_bytes',
    help: 'Memory of the kept answers, by estimate. CACHE_BYTES bounds it. Absent without a cache',
    read: () => (cache === undefined ? [] : cache.state.bytes),
  });
  metrics.gauge({
    name: 'shop_gateway_cache_stream_current',
    help: 'Whether the events of a stream reach the cache now. Without them, nothing that depends on the stream is served from it',
    labels: ['stream'],
    read: () =>
      (cache?.listStreams() ?? []).map(({ name, isFollowed }) => ({
        labels: { stream: name },
        value: isFollowed ? 1 : 0,
      })),
  });
}
