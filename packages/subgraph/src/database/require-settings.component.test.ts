import { fromPg } from '@shop/messaging';
import { startTestDatabase, type TestDatabase } from '@shop/testing';
import pg from 'pg';
import { limitConnections, poolOptions, readPoolSize } from './pool-options.ts';
import { requireSettings } from './require-settings.ts';

let database: TestDatabase;
const pools: pg.Pool[] = [];
beforeAll(async () => {
  database = await startTestDatabase('empty');
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await database?.stop();
});

const settings = { work_mem: '5MB', random_page_cost: '1.1' };
const open = (url: string): pg.Pool => {
  const pool = new pg.Pool(poolOptions(url, { settings }));
  pools.push(pool);
  return pool;
};

test('a pool sets the settings of its sessions, except behind a pooler', async () => {
  const pooledUrl = `${database.url}?pgbouncer=true`;
  const [direct, pooled] = [fromPg(open(database.url)), fromPg(open(pooledUrl))];
  // A direct session has what a session behind a pooler is to have.
  await expect(requireSettings(direct, pooledUrl, settings)).resolves.toBeUndefined();
  await expect(requireSettings(direct, database.url, { jit: 'other' })).resolves.toBeUndefined();
  await expect(requireSettings(pooled, pooledUrl, settings)).rejects.toThrow(
    'The sessions of the pooler lack statement_timeout = 15s, idle_in_transaction_session_timeout = 30s, enable_seqscan = off, ' +
      'jit = off, work_mem = 5MB, random_page_cost = 1.1. Add to the database in its configuration: ' +
      `connect_query='SET statement_timeout = ''15s''; `,
  );
});

test('the size of a pool is in the URL', () => {
  expect(readPoolSize('postgres://u:p@h/d')).toBe(10);
  expect(poolOptions(limitConnections('postgres://u:p@h/d?pgbouncer=true', 3))).toMatchObject({ max: 3 });
});
