import type { SqlExecutor } from '@shop/messaging';
import type { Logger } from '@shop/process';
import { createRowBuilder, eventually, expression, startTestDatabase } from '@shop/testing';
import pg from 'pg';
import { watchOverdueWork, type OverdueWork } from './overdue-work.ts';

let client: pg.Client;
let sql: SqlExecutor;
let watching: OverdueWork | undefined;
const stops: (() => Promise<unknown>)[] = [];
const lines: { readonly level: string; readonly fields: object; readonly text: string }[] = [];
const write =
  (level: string) =>
  (fields: object | string, text = '') =>
    void lines.push(typeof fields === 'string' ? { level, fields: {}, text: fields } : { level, fields, text });
const logger = {
  debug: write('debug'),
  info: write('info'),
  warn: write('warn'),
  error: write('error'),
} as unknown as Logger;
const followers = [{ subscriber: 'reader', stream: 'USER', subjects: ['shop.user.deleted.v1'] }];

beforeAll(async () => {
  const database = await startTestDatabase('user');
  stops.unshift(() => database.stop());
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  stops.unshift(() => client.end());
  sql = {
    query: async <Row>(text: string, values: readonly unknown[] = []) =>
      (await client.query(text, [...values])).rows as Row[],
  };
});
afterEach(async () => {
  await watching?.stop();
  watching = undefined;
  lines.length = 0;
  await client.query('DELETE FROM outbox; DELETE FROM outbox_followers');
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

async function addEvent(
  type: string,
  { seconds, isPublished }: { seconds: number; isPublished: boolean },
): Promise<void> {
  const rows = await createRowBuilder(client);
  const at = expression(`now() - interval '${seconds} s'`);
  await client.query(rows.toSql('outbox', { type, created_at: at, ...(isPublished && { published_at: at }) }));
}

test('names unpublished events, events that a follower lacks, and what the subgraph counts', async () => {
  await addEvent('shop.user.other.v1', { seconds: 90, isPublished: false });
  await addEvent('shop.user.deleted.v1', { seconds: 90, isPublished: true });
  await addEvent('shop.user.deleted.v1', { seconds: 30, isPublished: true });
  const count = async (maxAgeMs: number) => ({ 'pending orders': maxAgeMs / 1_000, 'pending refunds': 0 });
  watching = watchOverdueWork({ sql, followers, count, logger, everyMs: 10 });
  await eventually(() =>
    expect(watching?.counts()).toEqual({
      'events to publish': 1,
      'events for reader-from-user': 1,
      'pending orders': 60,
    }),
  );
  expect(lines.map(({ level, fields, text }) => [level, fields, text])).toEqual([
    [
      'warn',
      { overdue: { 'events to publish': 1, 'events for reader-from-user': 1, 'pending orders': 60 } },
      'work is overdue: events to publish, events for reader-from-user, pending orders',
    ],
  ]);
});

test('a follower that has confirmed an event does not lack it', async () => {
  await addEvent('shop.user.deleted.v1', { seconds: 90, isPublished: true });
  let looks = 0;
  const count = async () => ({ looks: (looks += 1) && 0 });
  watching = watchOverdueWork({ sql, followers, count, logger, everyMs: 10 });
  await eventually(() => expect(watching?.counts()).toEqual({ 'events for reader-from-user': 1 }));
  await client.query(`INSERT INTO outbox_followers (consumer, confirmed_sequence)
    SELECT 'reader-from-user', max(sequence) FROM outbox`);
  await eventually(() => expect(watching?.counts()).toEqual({}));
  expect(lines.map(({ text }) => text)).toEqual([
    'work is overdue: events for reader-from-user',
    'no work is overdue any more',
  ]);
});

test('warns again while work stays overdue, and keeps the last result while the database is away', async () => {
  let isAway = false;
  const count = () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve({ things: 3 }));
  watching = watchOverdueWork({ sql, followers: [], count, logger, everyMs: 5, warnEveryMs: 20 });
  await eventually(() => expect(lines.filter(({ level }) => level === 'warn').length).toBeGreaterThan(2));
  isAway = true;
  await eventually(() => expect(lines.some(({ level }) => level === 'debug')).toBe(true));
  expect(watching.counts()).toEqual({ things: 3 });
});
