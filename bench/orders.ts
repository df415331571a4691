import os from 'node:os';
import { startTestStack } from '@shop/testing';
import { measureAtRest } from './orders/at-rest.ts';
import { startLoad } from './orders/load.ts';
import { measure } from './orders/measure.ts';
import type { OrdersOptions } from './orders/options.ts';
import { openOrderRecords } from './orders/order-records.ts';
import { cpuTable, describeAtRest, rateTable } from './orders/report.ts';
import { prepareScene } from './orders/scene.ts';
import { circumstances } from './results/circumstances.ts';
import { writeResults } from './results/write-results.ts';

/**
 * Measures how many orders per second are placed and become RESERVED, how long that takes, and how much CPU each
 * process uses.
 */
export async function orders(options: OrdersOptions): Promise<void> {
  const loadBefore = os.loadavg()[0] ?? 0;
  const ends: (() => Promise<void>)[] = [];
  try {
    const system = await startTestStack();
    ends.push(system.stop);
    const records = await openOrderRecords(system);
    ends.push(records.close);
    const load = startLoad();
    ends.push(load.stop);
    const scene = await prepareScene(system);
    const subject = { stack: system.stack, load, records, accessTokens: scene.accessTokens };

    const measurements = await measure(subject, scene, options, (name) => console.log(`${name} …`));
    const atRest = options.isAtRest
      ? [describeAtRest(await measureAtRest(system.stack.graphqlUrl, scene, records))]
      : [];
    const tables = measurements.length === 0 ? [] : [rateTable(measurements), cpuTable(measurements)];
    const results = [circumstances(loadBefore, options.seconds), ...atRest, ...tables].join('\n\n');
    console.log(`\n${results}\n`);
    if (options.isComplete) console.log(`Written to ${await writeResults('orders', results)}.`);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}
