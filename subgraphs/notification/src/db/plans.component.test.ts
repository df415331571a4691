import { sqlOver, uuidv7 } from '@shop/subgraph';
import {
  createRowBuilder,
  recordQueryPlans,
  startTestDatabase,
  type QueryPlans,
  type TestDatabase,
} from '@shop/testing';
import { listNotifications } from '../use-cases/list-notifications.ts';
import { openDatabase, type Database } from './database.ts';
import { claimDue, markHandedOver, markSent } from './queue.ts';

let server: TestDatabase;
let database: Database;
let plans: QueryPlans;
const recipientId = uuidv7();

beforeAll(async () => {
  server = await startTestDatabase('notification');
  database = openDatabase(server.url);
  const sql = sqlOver(database.client);
  const rows = await createRowBuilder(sql);
  // Nearly all messages are sent. A few wait, and fewer have failed.
  const row = {
    id: 'gen_random_uuid()',
    key: 'n::text',
    topic: `(CASE WHEN n % 3 = 0 THEN 'ACCOUNT' ELSE 'ORDERS' END)::"NotificationTopic"`,
    status: `(CASE WHEN n <= 300 THEN 'QUEUED' WHEN n <= 400 THEN 'FAILED' ELSE 'SENT' END)::"NotificationStatus"`,
    recipient_id: `CASE WHEN n % 200 = 0 THEN '${recipientId}'::uuid ELSE gen_random_uuid() END`,
    order_id: 'gen_random_uuid()',
    sent_at: 'CASE WHEN n > 400 THEN now() END',
    content: 'NULL',
    due_at: `now() - interval '1 hour'`,
    created_at: `now() - n * interval '1 minute'`,
  };
  await database.client.$executeRawUnsafe(rows.toSelectSql('notifications', row, 'generate_series(1, 20000) AS n'));
  await database.client.$executeRawUnsafe('VACUUM ANALYZE notifications');
  plans = recordQueryPlans({ databaseUrl: server.url });
});
afterAll(async () => {
  plans?.stop();
  await database?.close();
  await server?.stop();
});

test.each<[string, () => Promise<unknown>]>([
  ['claiming urgent messages', () => claimDue(database.client, 'urgent', 8)],
  ['claiming other messages', () => claimDue(database.client, 'normal', 8)],
  [
    'recording that messages are handed over',
    () =>
      markHandedOver(
        database.client,
        Array.from({ length: 8 }, () => ({
          id: uuidv7(),
          claimId: uuidv7(),
          recipientId,
          subject: 'x',
          unsubscribeHash: null,
        })),
      ),
  ],
  ['recording that messages are sent', () => markSent(database.client, Array.from({ length: 8 }, uuidv7))],
  ['a page of all messages', () => listNotifications({ database }, { first: 20 })],
  [
    'a page of failed messages',
    () => listNotifications({ database }, { first: 20, filter: { status: ['FAILED', 'QUEUED'] } }),
  ],
  ['a page of a recipient', () => listNotifications({ database }, { first: 20, filter: { recipientId } })],
])('%s reads no whole table', async (_name, work) => {
  const plan = await plans.of(work);
  expect(plan).toContain('Index');
  expect(plan).not.toContain('Seq Scan on notifications');
});
