import { isTransientDatabaseError } from '@shop/messaging';
import { limitStatements, sqlOver } from '@shop/subgraph';
import { startTestDatabase, type TestDatabase } from '@shop/testing';
import { openDatabase, type Database } from './database.ts';

let server: TestDatabase;
let database: Database;

beforeAll(async () => {
  server = await startTestDatabase('user');
  database = openDatabase(server.url);
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

const sleep = 'SELECT pg_sleep(60)::text';

test.each<[string, () => Promise<unknown>]>([
  ['a statement of a client', () => sqlOver(database.client).query(sleep)],
  ['a statement of a transaction', () => database.transact((tx) => sqlOver(tx).query(sleep))],
])('%s ends at the limit of the work, and makes the service unavailable', async (_name, work) => {
  const error: unknown = await limitStatements(50, work).catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(Error);
  expect(isTransientDatabaseError(error)).toBe(true);
});

test('afterwards a statement has the time of the session', async () => {
  expect(await sqlOver(database.client).query('SHOW statement_timeout')).toEqual([{ statement_timeout: '15s' }]);
});
