import os from 'node:os';
import { stripVTControlCharacters } from 'node:util';
import { temporaryDirectory } from '@shop/testing';
import { circumstances } from './results/circumstances.ts';
import { writeResults } from './results/write-results.ts';
import { startLoad } from './shops/load.ts';
import { measureRow } from './shops/measure.ts';
import { startMedusa } from './shops/medusa.ts';
import type { PeerName, ShopsOptions } from './shops/options.ts';
import { startOurs } from './shops/ours.ts';
import { describeRow } from './shops/report.ts';
import type { Contents, Shop } from './shops/shop.ts';
import { startVendure } from './shops/vendure.ts';

const peers = { vendure: startVendure, medusa: startMedusa } satisfies Record<PeerName, unknown>;

/**
 * Measures the system beside other shops, with the same products, the same clients and a PostgreSQL server for each. All run, and only one
 * has work at a time.
 */
export async function shops(options: ShopsOptions): Promise<void> {
  const loadBefore = os.loadavg()[0] ?? 0;
  const ends: (() => Promise<void>)[] = [];
  try {
    const directory = await temporaryDirectory();
    ends.push(directory.remove);
    const load = startLoad();
    ends.push(load.stop);
    const contents: Contents = { products: options.products, customers: options.clients };
    const running: Shop[] = [];
    const missing: string[] = [];
    const start = async (name: string, starting: () => Promise<Shop>): Promise<void> => {
      console.log(`Starting ${name} with ${options.products.toLocaleString('en-US')} products …`);
      const started = Date.now();
      const shop = await starting();
      ends.push(shop.stop);
      running.push(shop);
      console.log(`  ready after ${Math.round((Date.now() - started) / 1_000)} s`);
    };
    await start('this project', () => startOurs(contents));
    for (const peer of options.peers) {
      try {
        const places = { directory: directory.path, peersFolder: options.peersFolder };
        await start(peer, () => peers[peer](contents, places));
      } catch (error) {
        const text = stripVTControlCharacters((error as Error).message)
          .replaceAll(/\s+/g, ' ')
          .trim();
        missing.push(`${peer} could not be started and is left out: ${text.slice(-1_000)}`);
        console.error(missing.at(-1));
      }
    }
    const tables: string[] = [];
    for (const row of options.rows) {
      console.log(`Row ${row}:`);
      const lines = running.flatMap((shop) => shop.lines).filter((line) => line.row === row);
      tables.push(describeRow(row, await measureRow(lines, load, options)));
      console.log(`\n${tables.at(-1)}\n`);
    }
    const { clients, products, rounds, seconds } = options;
    const state =
      `${circumstances(loadBefore, seconds)} ${clients} clients, ${products.toLocaleString('en-US')} products, ` +
      `${rounds} rounds in turn. Medians.`;
    console.log(`\n${state}\n`);
    if (options.isComplete && missing.length === 0)
      console.log(`Written to ${await writeResults('shops', [state, ...tables].join('\n\n'))}.`);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}
