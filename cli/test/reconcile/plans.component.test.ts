import { recordQueryPlans, type QueryPlans } from '@shop/testing';
import { checkConfirmed } from '../../src/reconcile/checks/messages.ts';
import { compareMessages } from '../../src/reconcile/checks/notifications.ts';
import { readSnapshot, type Snapshot } from '../../src/reconcile/snapshot.ts';
import { startDatabases, type TestDatabases } from './databases.ts';

const EVENTS = 30_000;
/** Events of the kind that causes messages. */
const ASSIGNED = 20_000;
let databases: TestDatabases;
let plans: QueryPlans;

beforeAll(async () => {
  databases = await startDatabases();
  const event = {
    id: 'gen_random_uuid()',
    type: `'shop.task.created.v1'`,
    aggregate_id: `n::text`,
    payload: `jsonb_build_object('time', now(), 'data', '{}'::jsonb)`,
    created_at: `now() - interval '1 hour'`,
    published_at: 'now()',
  };
  await databases.run('task', (rows) => rows.toSelectSql('outbox', event, `generate_series(1, ${EVENTS}) AS n`));
  await databases.run('task', `UPDATE outbox SET type = 'shop.task.assigned.v1' WHERE sequence % 3 > 0`);
  await databases.run(
    'task',
    `INSERT INTO outbox_followers (consumer, confirmed_sequence, open_sequences)
     VALUES ('notification-from-task', ${EVENTS}, '{7}'), ('order-from-task', ${EVENTS}, '{}')
     ON CONFLICT (consumer) DO UPDATE SET confirmed_sequence = ${EVENTS}, open_sequences = excluded.open_sequences`,
  );
  await databases.run('task', 'VACUUM ANALYZE outbox');
  plans = recordQueryPlans({ databaseUrl: databases.databaseUrls.task });
});
afterAll(async () => {
  plans?.stop();
  await databases?.stop();
});

const readTask = <Result>(work: (task: Snapshot) => Promise<Result>) =>
  readSnapshot({ name: 'task', databaseUrl: databases.databaseUrls.task }, work);

test('events are read by one statement, however many pages there are', async () => {
  const sent: string[] = [];
  const notification: Snapshot = { query: async <Row>() => [{ at: new Date('2020-01-01') }] as Row[] };
  await readTask(async (task) => {
    const recorded: Snapshot = {
      query: <Row>(text: string, values?: readonly unknown[]) => {
        sent.push(text);
        return task.query<Row>(text, values);
      },
    };
    await compareMessages(recorded, notification, null);
  });
  const words = sent.map((text) => text.slice(0, text.indexOf(' ')));
  expect(words).toEqual(['DECLARE', ...Array.from({ length: 1 + ASSIGNED / 5_000 }, () => 'FETCH'), 'CLOSE']);
});

test('the events that a follower lacks are found by their sequence', async () => {
  const text = await plans.of(() => readTask((task) => checkConfirmed(task, 'task', 60_000)));
  expect(text).toMatch(/outbox_pkey/);
  expect(text).not.toMatch(/Seq Scan on outbox /);
});
