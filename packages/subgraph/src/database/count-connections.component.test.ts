import { fromPg } from '@shop/messaging';
import { startTestDatabase, type TestDatabase } from '@shop/testing';
import pg from 'pg';
import { findTooManyConnections, nameListener } from './count-connections.ts';

let database: TestDatabase;
let pool: pg.Pool;
const listeners: pg.Client[] = [];

beforeAll(async () => {
  database = await startTestDatabase('empty');
  pool = new pg.Pool({ connectionString: database.url, max: 1 });
});
afterAll(async () => {
  await Promise.all(listeners.map((client) => client.end()));
  await pool?.end();
  await database?.stop();
});

test('the connections of all processes are compared with those that the server accepts', async () => {
  // Other test files have processes on the same server, whose numbers are small.
  expect(await findTooManyConnections(fromPg(pool))).toBeNull();
  for (let process = 0; process < 2; process += 1) {
    const application_name = nameListener('counted', 1_000);
    const client = new pg.Client({ connectionString: database.url, application_name });
    listeners.push(client);
    await client.connect();
  }
  expect(await findTooManyConnections(fromPg(pool))).toMatch(
    /^the processes may open \d+ connections \(.*counted 2 x 1000.*\), and the database server accepts \d+\. Raise /,
  );
});
