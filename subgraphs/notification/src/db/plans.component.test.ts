import { poolOptions, sqlOver, uuidv7 } from '@shop/subgraph';
import {
  countRowsRead,
  createRowBuilder,
  recordQueryPlans,
  startTestDatabase,
  type QueryPlans,
  type RowBuilder,
  type TestDatabase,
} from '@shop/testing';
import { listNotificationsByRecipient } from './notifications.ts';
import { listNotifications } from '../use-cases/list-notifications.ts';
import { openDatabase, settings, type Database, type Transaction } from './database.ts';
import { claimDue, type ClaimedMessage, markHandedOver, markSent, renewClaim } from './queue.ts';

let server: TestDatabase;
let database: Database;
let plans: QueryPlans;
let rows: RowBuilder;
const recipientId = uuidv7();

beforeAll(async () => {
  server = await startTestDatabase('notification');
  database = openDatabase(server.url);
  const sql = sqlOver(database.client);
  rows = await createRowBuilder(sql);
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
    ready_at: `now() - interval '1 hour'`,
    due_at: `now() - interval '1 hour'`,
    created_at: `now() - n * interval '1 minute'`,
  };
  await database.client.$executeRawUnsafe(rows.toSelectSql('notifications', row, 'generate_series(1, 20000) AS n'));
  await database.client.$executeRawUnsafe('VACUUM ANALYZE notifications');
  plans = recordQueryPlans({ databaseUrl: server.url, options: poolOptions(server.url, { settings }).options ?? '' });
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
          unsubscribeSecretHash: null,
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

test('prepared, a page of the messages of some recipients reads no others', async () => {
  const prepared = recordQueryPlans({ databaseUrl: server.url, arePrepared: true });
  try {
    const page = { limit: 20, direction: 'forward' } as const;
    const plan = await prepared.of(() => listNotificationsByRecipient(database, [recipientId, uuidv7()], page));
    expect(plan).not.toContain('Seq Scan on notifications');
    expect(countRowsRead(plan, 'notifications')).toBe(21);
  } finally {
    prepared.stop();
  }
});

const toHandOver = ({ id, claimId }: Pick<ClaimedMessage, 'id' | 'claimId'>) => ({
  id,
  claimId,
  recipientId,
  subject: 'x',
  unsubscribeSecretHash: 'hash',
});

const waiting = (key: string, since: string) => ({
  id: 'gen_random_uuid()',
  key: `'${key} ' || n`,
  topic: `'ORDERS'`,
  status: `'QUEUED'`,
  recipient_id: `'${recipientId}'::uuid`,
  order_id: 'gen_random_uuid()',
  content: `'{}'`,
  ready_at: `now() - interval '${since}'`,
  due_at: `now() - interval '${since}'`,
});

test('a message that is claimed, handed over and claimed for longer writes no index', async () => {
  const [before, after] = await database.transact(async (tx: Transaction) => {
    const countUpdates = () =>
      sqlOver(tx).query<{ all: number; heapOnly: number }>(
        `SELECT n_tup_upd::int AS all, n_tup_hot_upd::int AS "heapOnly" FROM pg_stat_xact_user_tables WHERE relname = 'notifications'`,
      );
    await tx.$executeRawUnsafe(
      rows.toSelectSql('notifications', waiting('first', '2 hours'), 'generate_series(1, 2) AS n'),
    );
    const first = await countUpdates();
    const claimed = await claimDue(tx, 'normal', 2);
    expect((await markHandedOver(tx, claimed.map(toHandOver))).size).toBe(2);
    for (const message of claimed) await renewClaim(tx, message);
    return [first, await countUpdates()];
  });
  expect(after).toEqual(before.map(({ all, heapOnly }) => ({ all: all + 6, heapOnly: heapOnly + 6 })));
});

test.each([
  ['of an empty queue', 'SELECT'],
  ['that are missing', `DELETE FROM pg_statistic WHERE starelid = 'notifications'::regclass`],
])('with statistics %s, a long queue is read in its order, and only as far as needed', async (_statistics, change) => {
  const { client } = database;
  await client.$executeRawUnsafe(`DELETE FROM notifications WHERE status <> 'SENT' OR key::int > 2000`);
  await client.$executeRawUnsafe('VACUUM ANALYZE notifications');
  await client.$executeRawUnsafe(change);
  await client.$executeRawUnsafe(
    rows.toSelectSql('notifications', waiting('many', '1 minute'), 'generate_series(1, 5000) AS n'),
  );
  let claimed: ClaimedMessage[] = [];
  const ofClaim = await plans.of(async () => void (claimed = await claimDue(client, 'normal', 8)));
  const ofHandOver = await plans.of(() => markHandedOver(client, claimed.map(toHandOver)));
  expect(claimed).toHaveLength(8);
  expect(countRowsRead(ofClaim, 'notifications')).toBeLessThanOrEqual(8);
  expect(countRowsRead(ofHandOver, 'notifications')).toBeLessThanOrEqual(8);
});
