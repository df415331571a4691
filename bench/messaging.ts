import os from 'node:os';
import path from 'node:path';
import { startPostgres } from '@shop/stack';
import { temporaryDirectory } from '@shop/testing';
import { measureRound, type Round } from './messaging/measure.ts';
import type { MessagingOptions } from './messaging/options.ts';
import { Pipeline } from './messaging/pipeline.ts';
import { markdownTable } from './results/markdown-table.ts';
import { median, quantile } from './results/statistics.ts';

const SINGLE_EVENTS = 100;

/**
 * Measures how many events per second the outbox, JetStream and the inbox carry, and how long one event takes, for
 * settings of the broker's `sync_interval`.
 */
export async function messaging({ sync, events, rounds }: MessagingOptions): Promise<void> {
  const loadBefore = os.loadavg()[0] ?? 0;
  const ends: (() => Promise<void>)[] = [];
  try {
    const directory = await temporaryDirectory();
    ends.push(() => directory.remove());
    const postgres = await startPostgres({ dataDir: path.join(directory.path, 'postgres') });
    ends.push(() => postgres.stop());
    const pipelines: Pipeline[] = [];
    for (const syncInterval of sync) {
      const pipeline = await Pipeline.start(syncInterval, postgres, directory.path);
      ends.push(() => pipeline.stop());
      pipelines.push(pipeline);
    }
    const results = new Map<Pipeline, Round[]>(pipelines.map((pipeline) => [pipeline, []]));
    for (let round = 0; round <= rounds; round += 1) {
      console.log(round === 0 ? 'Warming up …' : `Round ${round} of ${rounds} …`);
      // The direction alternates, so that no setting always follows the same one.
      for (const pipeline of round % 2 === 0 ? pipelines : [...pipelines].reverse()) {
        const result = await measureRound(pipeline, round === 0 ? 1_000 : events, SINGLE_EVENTS);
        if (round > 0) results.get(pipeline)?.push(result);
      }
    }
    const day = new Date().toISOString().slice(0, 10);
    console.log(
      `\nMeasured on ${day}: ${os.cpus().length} cores, load average ${loadBefore.toFixed(1)} before ` +
        `and ${(os.loadavg()[0] ?? 0).toFixed(1)} after, ${rounds} rounds of ${events} events.\n`,
    );
    console.log(tableOf(results));
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

function tableOf(results: ReadonlyMap<Pipeline, readonly Round[]>): string {
  const cpu = (values: readonly number[]): string => `${Math.round(median(values))} µs`;
  const rate = (values: readonly number[]): string => `${Math.round(median(values)).toLocaleString('en-US')}/s`;
  const lines = [...results].map(([{ syncInterval }, rounds]) => {
    const latencies = rounds.flatMap((round) => round.latencies).sort((a, b) => a - b);
    return [
      syncInterval,
      rate(rounds.map(({ relayed }) => relayed)),
      rate(rounds.map(({ consumed }) => consumed)),
      rate(rounds.map(({ carried }) => carried)),
      cpu(rounds.map(({ relayCpu }) => relayCpu)),
      cpu(rounds.map(({ consumerCpu }) => consumerCpu)),
      `${quantile(latencies, 0.5).toFixed(1)}/${quantile(latencies, 0.99).toFixed(1)} ms`,
    ];
  });
  return markdownTable(
    ['`sync_interval`', 'relayed', 'consumed', 'carried', 'relay CPU', 'consumer CPU', 'one event'],
    lines,
  );
}
