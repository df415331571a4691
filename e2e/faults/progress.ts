import { setTimeout as pause } from 'node:timers/promises';
import type { Databases } from './checks/databases.ts';
import type { Faults } from './injection/start-faults.ts';
import type { ShopFloor } from './load/shop-floor.ts';

const EVERY_MS = 5_000;

/** Reports the progress of the run every few seconds until it is stopped. */
export function startProgress(what: {
  floor: ShopFloor;
  faults: Faults;
  databases: Databases;
  tell: (line: string) => void;
}): () => Promise<void> {
  const stop = new AbortController();
  const started = Date.now();
  const run = async (): Promise<void> => {
    while (await pause(EVERY_MS, true, { signal: stop.signal }).catch(() => false)) {
      what.tell(`${String(Math.round((Date.now() - started) / 1_000)).padStart(5)} s  ${await describe(what)}`);
    }
  };
  const running = run();
  return () => {
    stop.abort();
    return running;
  };
}

async function describe({
  floor,
  faults,
  databases,
}: {
  floor: ShopFloor;
  faults: Faults;
  databases: Databases;
}): Promise<string> {
  const said = `${faults.count} faults, ${floor.journal.orders.length} orders accepted`;
  try {
    const rows = await databases.query<{ status: string; count: number }>(
      'order',
      'SELECT status::text, count(*)::int AS count FROM orders GROUP BY 1 ORDER BY status',
    );
    return `${said}: ${rows.map(({ status, count }) => `${count} ${status}`).join(', ')}`;
  } catch {
    return `${said}; the order database does not answer`;
  }
}
