import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { mapServices, serviceNames } from '@shop/contracts';
import { ensureDatabases, freePort, type PostgresServer, startPostgres } from '@shop/stack';
import { eventually, temporaryDirectory, type TemporaryDirectory } from '@shop/testing';
import { chooseSize } from '@shop/testing/config';
import pg from 'pg';
import { checkAll } from './faults/checks/check-all.ts';
import type { Evidence } from './faults/checks/check.ts';
import { databasesOf } from './faults/checks/databases.ts';
import { untilSettled } from './faults/checks/settle.ts';
import { openShopFloor } from './faults/load/shop-floor.ts';
import { startLoad } from './faults/load/start-load.ts';
import { findProgram } from '../gateway/test/programs.ts';
import { openShop, type Shop } from './shop.ts';

const program = findProgram('pgbouncer');
const missing = program === undefined ? ' (skipped: no pgbouncer was found)' : '';

let directory: TemporaryDirectory;
let postgres: PostgresServer;
let pooler: ChildProcess | undefined;
let port: number;
let shop: Shop | undefined;

const nameOf = (service: string): string => `shop_${service}`;
const password = 'secret';
/** Server connections for each database: fewer than each subgraph has clients. */
const POOL_SIZE = 6;

/** The lines for the settings of sessions, as docs/operations/cluster.md has them. */
const common = [
  `statement_timeout = ''15s''`,
  `idle_in_transaction_session_timeout = ''30s''`,
  `enable_seqscan = ''off''`,
  `jit = ''off''`,
]
  .map((setting) => `SET ${setting}`)
  .join('; ');
const settings: Readonly<Record<string, string>> = {
  notification: `; SET enable_bitmapscan = ''off''`,
  product: `; SET random_page_cost = ''1.1''; SET pg_trgm.similarity_threshold = ''0.2''`,
};

async function startPooler(hasSettings: boolean): Promise<void> {
  const databases = serviceNames.map((service) => {
    const name = nameOf(service);
    const query = hasSettings ? ` connect_query='${common}${settings[service] ?? ''}'` : '';
    return `${name} = host=127.0.0.1 port=${postgres.port} user=${name} password=${password}${query}`;
  });
  const file = path.join(directory.path, 'pgbouncer.ini');
  const lines = [
    '[databases]',
    ...databases,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    `default_pool_size = ${POOL_SIZE}`,
    'max_client_conn = 500',
  ];
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o644 });
  // It refuses to run as root.
  const args = process.getuid?.() === 0 ? ['-u', 'nobody', file] : [file];
  pooler = spawn(String(program), args, { stdio: ['ignore', 'ignore', 'ignore'] });
  await eventually(async () => {
    const client = new pg.Client({ connectionString: pooledUrl('user') });
    await client.connect();
    await client.end();
  });
}

async function stopPooler(): Promise<void> {
  const stopping = pooler;
  pooler = undefined;
  if (stopping === undefined) return;
  const ended = new Promise((resolve) => stopping.once('exit', resolve));
  stopping.kill('SIGKILL');
  await ended;
}

const pooledUrl = (service: string): string =>
  `postgresql://${nameOf(service)}:${password}@127.0.0.1:${port}/${nameOf(service)}?pgbouncer=true`;

beforeAll(async () => {
  if (program === undefined) return;
  directory = await temporaryDirectory();
  await chmod(directory.path, 0o755);
  postgres = await startPostgres({ dataDir: path.join(directory.path, 'postgres'), fsync: false });
  await ensureDatabases(
    postgres.url(),
    serviceNames.map((service) => ({ database: nameOf(service), role: nameOf(service), password })),
  );
  port = await freePort();
  await startPooler(true);
}, 120_000);
afterAll(async () => {
  await shop?.stop();
  await stopPooler();
  await postgres?.stop();
  await directory?.remove();
});

(program === undefined ? test.skip : test)(
  `the system works behind PgBouncer in transaction mode${missing}`,
  async () => {
    shop = await openShop({
      databaseUrls: mapServices(pooledUrl),
      databaseDirectUrls: mapServices((service) => postgres.url(nameOf(service), { name: nameOf(service), password })),
    });
    const floor = await openShopFloor(shop, 50);
    const { journal, traffic, scarce, units } = floor;
    const evidence: Evidence = { databases: databasesOf(shop.stack), journal, traffic, scarce, units };
    const load = startLoad(floor, { seed: randomInt(2 ** 32 - 1), workers: chooseSize({ short: 4, long: 8 }) });
    await pause(chooseSize({ short: 4_000, long: 8_000 }));
    // A busy machine places few orders in that time.
    await eventually(() => expect(journal.orders.length).toBeGreaterThan(5));
    await load.finish();
    expect(await untilSettled(evidence, Date.now() + 90_000)).toBeNull();
    expect(await checkAll(evidence, shop.stack)).toEqual([]);

    const admin = new pg.Client({ connectionString: postgres.url() });
    await admin.connect();
    const { rows } = await admin.query<{ database: string; pooled: number }>(
      `SELECT datname AS database, count(*)::int AS pooled FROM pg_stat_activity
        WHERE datname LIKE 'shop_%' AND application_name !~ '^listen' GROUP BY 1`,
    );
    await admin.end();
    for (const { pooled } of rows) expect(pooled).toBeLessThanOrEqual(POOL_SIZE);

    // Without its settings, requests go on, and the health report names what is missing.
    await stopPooler();
    await startPooler(false);
    const url = shop.stack.service('product').url;
    await eventually(async () => {
      const { checks } = (await (await fetch(`${url}/health/ready`)).json()) as {
        checks: Record<string, { status: string }>;
      };
      expect(checks['databaseSettings']?.status).not.toBe('up');
    });
  },
  300_000,
);
