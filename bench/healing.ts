import os from 'node:os';
import path from 'node:path';
import { startPostgres } from '@shop/stack';
import { temporaryDirectory } from '@shop/testing';
import type { HealingOptions } from './healing/options.ts';
import { Pipeline } from './messaging/pipeline.ts';
import { quantile } from './results/statistics.ts';

/**
 * Measures how long a follower lacks events that the broker acknowledged and does not have, and how long new events
 * take in the meantime.
 */
export async function healing({ events }: HealingOptions): Promise<void> {
  const loadBefore = os.loadavg()[0] ?? 0;
  const ends: (() => Promise<void>)[] = [];
  try {
    const directory = await temporaryDirectory();
    ends.push(() => directory.remove());
    const postgres = await startPostgres({ dataDir: path.join(directory.path, 'postgres') });
    ends.push(() => postgres.stop());
    const pipeline = await Pipeline.start('1s', postgres, directory.path);
    ends.push(() => pipeline.stop());
    await pipeline.append(events, 100);
    await pipeline.pretendPublished();
    const start = performance.now();
    const relay = await pipeline.relay();
    ends.push(() => relay.stop());
    const consumer = await pipeline.consume();
    ends.push(() => consumer.stop());
    let isHealed = false;
    const healed = pipeline.handledFirst(events).then(() => {
      isHealed = true;
      return performance.now() - start;
    });
    const latencies: number[] = [];
    while (!isHealed) latencies.push(await pipeline.measureOne());
    const seconds = (await healed) / 1_000;
    latencies.sort((a, b) => a - b);
    const inMs = (share: number): string => `${Math.round(quantile(latencies, share))} ms`;
    console.log(
      `${events.toLocaleString('en-US')} events that the broker lost were handled ${seconds.toFixed(1)} s after the start: ` +
        `${Math.round(events / Math.max(1, seconds - 10)).toLocaleString('en-US')} events a second once the 10 s have passed ` +
        `in which the stream could have delivered them.\nMeanwhile ${latencies.length} new events took ${inMs(0.5)} (median), ` +
        `${inMs(0.99)} (99th percentile) and ${inMs(1)} at most, from commit to effect.\n` +
        `${os.cpus().length} cores, load average ${loadBefore.toFixed(1)} before and ${(os.loadavg()[0] ?? 0).toFixed(1)} after.`,
    );
  } finally {
    for (const end of ends.reverse()) await end();
  }
}
