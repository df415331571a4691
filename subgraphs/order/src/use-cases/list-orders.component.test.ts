import { startTestDatabase, type TestDatabase } from '@shop/testing';
import { uuidv7, type Viewer } from '@shop/service';
import { openDatabase, type Database } from '../db/database.ts';
import type { Dependencies } from './dependencies.ts';
import { createOrderPageLoader } from './list-orders.ts';

let server: TestDatabase;
let database: Database;
const queries: string[] = [];

beforeAll(async () => {
  server = await startTestDatabase('order');
  database = openDatabase(server.url);
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

/** The real database, with a note of each question about orders. */
function dependencies(): Dependencies {
  const order = new Proxy(database.client.order, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]): unknown => {
        queries.push(String(name));
        return Reflect.apply(method, target, args);
      };
    },
  });
  const client = new Proxy(database.client, { get: (target, name): unknown => (name === 'order' ? order : Reflect.get(target, name)) });
  return { database: { ...database, client }, askForProducts: async () => [], now: () => new Date() };
}

test('equal pages are read once in a request, other pages and the count once each', async () => {
  queries.length = 0;
  const customerId = uuidv7();
  const viewer: Viewer = { userId: customerId, sessionId: uuidv7(), scopes: new Set() };
  const pages = createOrderPageLoader(dependencies(), viewer);
  const load = (args: object, id = customerId) => pages.load({ customerId: id, args });

  const same = await Promise.all([...Array.from({ length: 50 }, () => load({ first: 20 })), load({ first: 20, after: null })]);
  expect(new Set(same).size).toBe(1);
  expect(await load({ first: 20 })).toBe(same[0]);
  expect(queries).toEqual(['findMany']);
  await load({ first: 5 });
  await Promise.all(same.map(async (page) => page?.totalCount()));
  expect(queries).toEqual(['findMany', 'findMany', 'count']);

  // A page that cannot be read is the matter of those who asked for it.
  const [bad, good] = await Promise.allSettled([load({ first: 101 }), load({ first: 6 })]);
  expect([bad.status, good.status]).toEqual(['rejected', 'fulfilled']);
  expect(await load({}, uuidv7())).toBeNull();
});
