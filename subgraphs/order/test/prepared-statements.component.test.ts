import { sqlOver, uuidv7 } from '@shop/subgraph';
import { startTestDatabase, type TestDatabase } from '@shop/testing';
import { saveCatalogueProducts } from '../src/db/catalogue.ts';
import { openDatabase, type Database } from '../src/db/database.ts';
import type { OrderLimits } from '../src/domain/order-limits.ts';
import { placeOrder } from '../src/use-cases/place-order.ts';
import { makeProduct } from './make-product.ts';

let server: TestDatabase;
const opened: Database[] = [];
beforeAll(async () => {
  server = await startTestDatabase('order');
});
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});
afterAll(() => server?.stop());

/** A database with one session, so that all statements see the same prepared ones. */
function open(parameters: string): Database {
  const database = openDatabase(`${server.url}?connection_limit=1${parameters}`);
  opened.push(database);
  return database;
}

async function listPrepared({ client }: Database): Promise<string[]> {
  const rows = await sqlOver(client).query<{ statement: string }>('SELECT statement FROM pg_prepared_statements');
  return rows.map(({ statement }) => statement);
}

async function repeat(work: () => Promise<unknown>): Promise<void> {
  for (let times = 0; times < 6; times += 1) await work();
}

test('statements that are used often are prepared, in and out of transactions, and lists are not', async () => {
  const database = open('');
  const text = 'SELECT count(*)::int AS count FROM orders WHERE number = $1';
  await repeat(() => sqlOver(database.client).query(text, ['one']));
  await repeat(() => database.transact((tx) => tx.order.findUnique({ where: { number: 'one' } })));
  await repeat(() => database.lists.query('SELECT id FROM orders WHERE number = $1', ['one']));
  const prepared = await listPrepared(database);
  expect(prepared).toContain(text);
  expect(prepared.filter((statement) => /"number" = \$1/.test(statement))).toHaveLength(1);
  expect(prepared.filter((statement) => /SELECT id FROM orders/.test(statement))).toEqual([]);
});

test.each<[string, OrderLimits]>([
  ['without limits', {}],
  ['with limits', { openOrders: 100, unitsOfProduct: 1_000, reservedValue: { USD: 1_000_000 } }],
])('PostgreSQL keeps a plan for placing orders %s', async (_name, orderLimits) => {
  const database = open('');
  const now = () => new Date();
  const product = makeProduct();
  const { productId } = product;
  await saveCatalogueProducts(database.client, [product], now());
  const shippingAddress = { street: '1 Main Street', city: 'Springfield', postalCode: '12345', country: 'US' };
  const customerId = uuidv7();
  for (let times = 0; times < 12; times += 1) {
    const input = { items: [{ productId, quantity: 1 }], shippingAddress, idempotencyKey: uuidv7() };
    const placed = await placeOrder({ database, now, askForProducts: async () => [], orderLimits }, input, customerId);
    expect(placed.kind).toBe('placed');
  }
  const [plans] = await sqlOver(database.client).query<{ kept: number; made: number }>(
    `SELECT generic_plans::int AS kept, custom_plans::int AS made FROM pg_prepared_statements
     WHERE statement LIKE '%INSERT INTO orders (%'`,
  );
  // The first four have no name. Five are planned for their values.
  expect(plans).toEqual({ kept: 3, made: 5 });
});

test('behind a pooler nothing is prepared', async () => {
  const database = open('&pgbouncer=true');
  await repeat(() => sqlOver(database.client).query('SELECT $1::text AS value', ['one']));
  expect(await listPrepared(database)).toEqual([]);
});

test('a migration that changes the columns of a prepared statement costs a repetition and no failure', async () => {
  const database = open('');
  await sqlOver(database.client).query('CREATE TABLE changing (value int)');
  await sqlOver(database.client).query('INSERT INTO changing VALUES (7)');
  const read = () =>
    database.transact((tx) => sqlOver(tx).query<{ value: unknown }>('SELECT value FROM changing WHERE $1', [true]));
  await repeat(read);
  expect((await listPrepared(database)).join()).toContain('FROM changing');
  await sqlOver(database.client).query('ALTER TABLE changing ALTER value TYPE text');
  expect(await read()).toEqual([{ value: '7' }]);
  await repeat(read);
  await sqlOver(database.client).query('ALTER TABLE changing ALTER value TYPE int USING value::int');
  const alone = () => sqlOver(database.client).query<{ value: unknown }>('SELECT value FROM changing WHERE $1', [true]);
  expect(await alone()).toEqual([{ value: 7 }]);
});
