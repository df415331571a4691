import os from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { processNames, type StackService } from '@shop/stack';
import { openShop, placeOrder, type Shop } from '../e2e/shop.ts';
import { markdownTable } from './results/markdown-table.ts';
import { median } from './results/statistics.ts';
import type { RestartsOptions } from './restarts/options.ts';

/** Restarts each service in turn while clients place orders, and prints how long it is away. */
export async function restarts({ clients, rounds }: RestartsOptions): Promise<void> {
  const loadBefore = os.loadavg()[0] ?? 0;
  const shop = await openShop();
  try {
    const load = await startOrders(shop, clients);
    const times = new Map(processNames.map((name) => [name, [] as Restart[]]));
    for (let round = 0; round < rounds; round += 1)
      for (const name of processNames) times.get(name)?.push(await restart(shop.stack.service(name)));
    const placed = await load.stop();
    const inSeconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;
    const table = markdownTable(
      ['service', 'stopped after', 'ready after its start', 'at most'],
      [...times].map(([name, measured]) => {
        const ready = measured.map(({ readyMs }) => readyMs);
        const stopped = median(measured.map(({ stopMs }) => stopMs));
        return [name, inSeconds(stopped), inSeconds(median(ready)), inSeconds(Math.max(...ready))];
      }),
    );
    console.log(
      `\n${os.cpus().length} cores, Node ${process.versions.node}, load average ${loadBefore.toFixed(1)} before and ` +
        `${(os.loadavg()[0] ?? 0).toFixed(1)} after. ${rounds} restarts of each service, medians; ${clients} clients placed ` +
        `${placed.toLocaleString('en-US')} orders meanwhile.\n\n${table}\n`,
    );
  } finally {
    await shop.stop();
  }
}

interface Restart {
  readonly stopMs: number;
  /** From the start of the process until it is ready. */
  readonly readyMs: number;
}

async function restart(service: StackService): Promise<Restart> {
  const begin = performance.now();
  await service.stop();
  const stopped = performance.now();
  await service.start();
  await service.untilReady(120_000);
  return { stopMs: stopped - begin, readyMs: performance.now() - stopped };
}

/** Milliseconds until a client whose order a restart refused places the next one. */
const PAUSE_MS = 100;

/** Places orders as fast as they are answered. */
async function startOrders(shop: Shop, clients: number): Promise<{ stop(): Promise<number> }> {
  const productId = await shop.newProduct({ initialStock: 1_000_000 });
  const lines = [[productId, 1]] as const;
  const customers = await Promise.all(Array.from({ length: clients }, () => shop.newCustomer()));
  // Before the first restart, each order must be placed.
  await Promise.all(customers.map((customer) => placeOrder(customer, lines)));
  let isStopped = false;
  let placed = 0;
  const loops = customers.map(async (customer) => {
    while (!isStopped) {
      await placeOrder(customer, lines).then(
        () => (placed += 1),
        () => pause(PAUSE_MS),
      );
    }
  });
  return {
    async stop() {
      isStopped = true;
      await Promise.all(loops);
      return placed;
    },
  };
}
