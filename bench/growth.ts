import path from 'node:path';
import { startTestStack } from '@shop/testing';
import { completeOrders } from './growth/complete-orders.ts';
import { openDatabases } from './growth/databases.ts';
import { readDirectorySize, readStreamSizes } from './growth/directory-size.ts';
import type { GrowthOptions } from './growth/options.ts';
import { describeGrowth, type Sizes } from './growth/report.ts';
import { prepareScene } from './orders/scene.ts';

/** Measures the bytes that a completed order leaves in each table and each stream, and writes to the WAL. */
export async function growth({ orders }: GrowthOptions): Promise<void> {
  const ends: (() => Promise<void>)[] = [];
  try {
    const system = await startTestStack();
    ends.push(system.stop);
    const databases = await openDatabases(system);
    ends.push(databases.close);
    const scene = await prepareScene(system);
    const { dataDir } = system.stack;
    const readSizes = async (wal: number): Promise<Sizes> => ({
      tables: await databases.readTables(),
      streams: await readStreamSizes(path.join(dataDir, 'nats')),
      wal,
    });

    await databases.untilSettled();
    await databases.vacuum();
    const before = await readSizes(await databases.readWal());
    await completeOrders(system, scene, orders);
    await databases.untilSettled();
    // Vacuum writes to the WAL, too. It is not an order's.
    const wal = await databases.readWal();
    await databases.vacuum();
    const after = await readSizes(wal);

    const directories = ['postgres/base', 'postgres/pg_wal', 'nats'];
    const sizes = await Promise.all(directories.map((name) => readDirectorySize(path.join(dataDir, name))));
    const listed = directories.map((name, index) => `${name} ${((sizes[index] ?? 0) / 1e6).toFixed(1)} MB`).join(', ');
    console.log(
      `\n${describeGrowth(before, after, orders)}\n\n${orders.toLocaleString('en-US')} orders. Then ${listed}.\n`,
    );
  } finally {
    for (const end of ends.reverse()) await end();
  }
}
