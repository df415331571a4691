import type { Pipeline } from './pipeline.ts';

/** What one round of a pipeline showed. */
export interface Round {
  /** Events a second: out of a full outbox into the stream, out of a full stream into effects, and all the way while they are written. */
  readonly relayed: number;
  readonly consumed: number;
  readonly carried: number;
  /** Milliseconds from a commit to the commit of its effect, one event at a time. */
  readonly latencies: readonly number[];
}

/** Runs relay and consumer of a pipeline by themselves, then together, then at rest. */
export async function measureRound(pipeline: Pipeline, events: number, single: number): Promise<Round> {
  await pipeline.append(events, 100);
  let start = performance.now();
  const perSecond = (): number => (events * 1_000) / (performance.now() - start);
  const relay = await pipeline.relay();
  await pipeline.published();
  const relayed = perSecond();

  start = performance.now();
  const consumer = await pipeline.consume();
  await pipeline.handled();
  const consumed = perSecond();

  start = performance.now();
  await pipeline.append(events, 100);
  await pipeline.handled();
  const carried = perSecond();

  const latencies: number[] = [];
  for (let n = 0; n < single; n += 1) {
    await pipeline.append(1, 1);
    start = performance.now();
    await pipeline.handled();
    latencies.push(performance.now() - start);
  }
  await consumer.stop();
  await relay.stop();
  return { relayed, consumed, carried, latencies };
}
