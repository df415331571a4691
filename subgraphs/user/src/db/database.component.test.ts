import { isTransientDatabaseError } from '@shop/messaging';
import { sqlOver } from '@shop/subgraph';
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

test.each<[string, (limited: Database) => Promise<unknown>]>([
  ['a statement of a client', ({ client }) => sqlOver(client).query(sleep)],
  ['a statement of a list', ({ lists }) => lists.query(sleep)],
  ['a statement of a transaction', ({ transact }) => transact((tx) => sqlOver(tx).query(sleep))],
  ['a statement of Prisma', ({ client }) => client.$executeRawUnsafe(sleep)],
  ['a statement of Prisma in a transaction', ({ transact }) => transact((tx) => tx.$executeRawUnsafe(sleep))],
])('%s ends at the limit of the work, and makes the service unavailable', async (_name, work) => {
  const error: unknown = await work(database.limitStatements(50)).catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(Error);
  expect(isTransientDatabaseError(error)).toBe(true);
});

test('afterwards a statement has the time of the session', async () => {
  expect(await sqlOver(database.client).query('SHOW statement_timeout')).toEqual([{ statement_timeout: '15s' }]);
});
