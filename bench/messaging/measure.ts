import type { Pipeline } from './pipeline.ts';

/** The figures of one round of a pipeline. */
export interface Round {
  /**
   * Events per second: from a full outbox into the stream, from a full stream to effects, and from commit to effect
   * under load.
   */
  readonly relayed: number;
  readonly consumed: number;
  readonly carried: number;
  /** Microseconds of CPU of this process per event, while only the relay or only the consumer runs. */
  readonly relayCpu: number;
  readonly consumerCpu: number;
  /** Milliseconds from a commit to the commit of its effect, one event at a time. */
  readonly latencies: readonly number[];
}

/** Runs the relay and the consumer of a pipeline separately, then together, then at rest. */
export async function measureRound(pipeline: Pipeline, events: number, single: number): Promise<Round> {
  await pipeline.append(events, 100);
  let start = performance.now();
  let cpu = process.cpuUsage();
  const perSecond = (): number => (events * 1_000) / (performance.now() - start);
  const cpuPerEvent = (): number => {
    const { user, system } = process.cpuUsage(cpu);
    return (user + system) / events;
  };
  const relay = await pipeline.relay();
  await pipeline.published();
  const [relayed, relayCpu] = [perSecond(), cpuPerEvent()];

  start = performance.now();
  cpu = process.cpuUsage();
  const consumer = await pipeline.consume();
  await pipeline.handled();
  const [consumed, consumerCpu] = [perSecond(), cpuPerEvent()];

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
  return { relayed, consumed, carried, relayCpu, consumerCpu, latencies };
}
