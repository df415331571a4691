import { eventually } from '@shop/testing';
import type { PoolClient } from 'pg';
import { appendToOutbox, durableName, fromPg, on, pgTransact, startHousekeeping } from '../src/index.ts';
import type { OutboxEvent, RelayOptions } from '../src/index.ts';
import { asAdmin, deleteConsumer } from './fixtures/admin.ts';
import { type Counted, Scene } from './fixtures/scene.ts';
import { Servers } from './fixtures/servers.ts';

let servers: Servers;
let scene: Scene;

beforeAll(async () => {
  servers = await Servers.start();
});
afterAll(() => servers?.stop());
beforeEach(async () => {
  scene = await Scene.create(servers);
});
afterEach(() => scene?.stop());

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const patient = { timeoutMs: 60_000 };
const relay = (options: Partial<RelayOptions> = {}) =>
  scene.relay({ confirmAfterMs: 200, confirmEveryMs: 100, ...options });
/** A consumer that soon takes its stream for idle, so that what is missing is handed over at once. */
const consume: Scene['consume'] = (options) => scene.consume({ idleAfterMs: 300, ...options });
/** For tests of what the stream brings itself: it must have the time, also on a busy machine. */
const unhurried = { confirmAfterMs: 4_000 };
const append = (from: number, count: number) =>
  scene.append(...numbers(count).map((n) => scene.event(`aggregate-${n % 7}`, from + n)));
const warnings = (part: string) =>
  scene.logger.lines.filter(({ level, message }) => level === 'warn' && message.includes(part));

/** Checks that every event took effect exactly once, and that the publisher knows it. */
async function everyEffectOnce(events: number): Promise<void> {
  await eventually(async () => expect(await scene.count('effects')).toBeGreaterThanOrEqual(events), patient);
  await confirmed();
  const ids = (await scene.effects()).map((effect) => effect.message_id);
  expect(new Set(ids).size).toBe(events);
  expect(ids).toHaveLength(events);
}

/** Waits until the follower has confirmed the whole outbox. */
const confirmed = () =>
  eventually(async () => {
    const { rows } = await scene.database.pool.query(
      `SELECT (SELECT max(sequence) FROM outbox)::text AS last, confirmed_sequence::text AS confirmed,
         open_sequences::int[] AS open FROM outbox_followers WHERE consumer = $1`,
      [durableName(scene.consumer)],
    );
    expect(rows).toEqual([{ last: rows[0]?.last, confirmed: rows[0]?.last, open: [] }]);
  }, patient);

/** Records an acknowledgement for every pending event, as a broker causes that acknowledges without storing. */
const pretendPublished = () =>
  scene.database.pool.query('UPDATE outbox SET published_at = now() WHERE published_at IS NULL');

/** Appends events that the relay takes for published, as if a broken stream had acknowledged them. */
async function appendSwallowed(...events: OutboxEvent[]): Promise<void> {
  await pgTransact(scene.database.pool)(async (tx) => {
    await appendToOutbox(fromPg(tx), events);
    await tx.query('UPDATE outbox SET published_at = now() WHERE published_at IS NULL');
  });
}

/** Number of messages that the stream has delivered to the consumer. */
const consumed = () =>
  asAdmin(servers.natsUrl(), async (manager) => {
    const { delivered } = await manager.consumers.info(scene.stream.name, durableName(scene.consumer));
    return delivered.consumer_seq;
  });

const messages = () =>
  asAdmin(servers.natsUrl(), async (manager) => (await manager.streams.info(scene.stream.name)).state.messages);

test('a follower gets the events that the broker acknowledged and never stored, in their order', async () => {
  await append(0, 700);
  await pretendPublished();
  await relay();
  await consume();
  await everyEffectOnce(700);
  for (const aggregate of numbers(7).map((n) => `aggregate-${n}`)) {
    const seen = (await scene.effects()).filter((effect) => effect.aggregate === aggregate).map(({ n }) => n);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  }
});

test('events that are missing among others are handed over, and only those', async () => {
  await relay(unhurried);
  await scene.consume();
  await append(0, 20);
  await everyEffectOnce(20);
  await appendSwallowed(...numbers(5).map((n) => scene.event('swallowed', n)));
  await append(20, 20);
  await everyEffectOnce(45);
  const handedOver = warnings('handed over').map(({ fields }) => Number(fields['events']));
  expect(handedOver.reduce((sum, count) => sum + count, 0)).toBe(5);
});

test('what the stream delivers is confirmed without being handed over, also when it has no effect', async () => {
  await relay(unhurried);
  await scene.consume({
    handlers: [
      on(scene.counted, (event, tx: PoolClient) => scene.addEffect(event, tx), {
        relevant: ({ n }: Counted) => n % 2 === 0,
      }),
    ],
  });
  await append(0, 100);
  await confirmed();
  expect(await scene.count('effects')).toBe(50);
  expect(warnings('handed over')).toEqual([]);
});

test('events reach their follower while JetStream refuses every message', async () => {
  // The server has less room than this.
  await relay({ stream: { ...scene.stream, maxBytes: Number.MAX_SAFE_INTEGER } });
  await consume();
  await append(0, 30);
  await everyEffectOnce(30);
  expect(await scene.count('pending')).toBe(30);
});

test('a consumer whose position is beyond the end of its stream gets every event, and then works again', async () => {
  await relay(unhurried);
  const consumer = await scene.consume();
  await append(0, 10);
  await everyEffectOnce(10);
  const name = durableName(scene.consumer);
  await consumer.stop();
  await asAdmin(servers.natsUrl(), async (manager) => {
    const { config } = await manager.consumers.info(scene.stream.name, name);
    await deleteConsumer(manager, scene.stream.name, name);
    await manager.consumers.add(scene.stream.name, {
      ...config,
      deliver_policy: 'by_start_sequence' as typeof config.deliver_policy,
      opt_start_seq: 1_000_000,
    });
  });
  await scene.consume();
  await append(10, 20);
  await everyEffectOnce(30);
  const before = warnings('handed over').length;
  await append(30, 50);
  await everyEffectOnce(80);
  expect(warnings('handed over')).toHaveLength(before);
});

test('a stream that acknowledges and delivers nothing gets a new consumer, then is made again, and works', async () => {
  await relay({ recreateAfterMs: 4_000 });
  await consume({ resetAfterMs: 1_000 });
  await append(0, 10);
  await everyEffectOnce(10);
  const created = () =>
    asAdmin(servers.natsUrl(), async (manager) => (await manager.streams.info(scene.stream.name)).created);
  const first = await created();
  let written = 10;
  await eventually(async () => {
    await appendSwallowed(scene.event('a', written++));
    expect(warnings('it is made again').length).toBeGreaterThan(0);
  }, patient);
  expect(warnings('its consumer is made again').length).toBeGreaterThan(0);
  await eventually(async () => expect(await created()).not.toBe(first), patient);
  await everyEffectOnce(written);
  const before = await consumed();
  await append(written, 50);
  await everyEffectOnce(written + 50);
  await eventually(async () => expect(await consumed()).toBe(before + 50), patient);
});

test('an event that commits late, behind others that are confirmed, is not passed over', async () => {
  await relay();
  await consume();
  const late = await scene.database.pool.connect();
  try {
    await late.query('BEGIN');
    await appendToOutbox(fromPg(late), [scene.event('late', 0)]);
    await append(0, 10);
    await eventually(async () => expect(await scene.count('effects')).toBe(10), patient);
    // Many comparisons pass while the transaction is open: events that commit meanwhile are published at once.
    for (const n of numbers(10)) {
      await append(10 + n, 1);
      await eventually(async () => expect(await scene.count('effects')).toBe(11 + n), patient);
    }
    await late.query('UPDATE outbox SET published_at = now() WHERE published_at IS NULL'); // and the stream never stored it
    await late.query('COMMIT');
  } finally {
    late.release();
  }
  await everyEffectOnce(21);
});

test('the outbox keeps old events until every follower has them', async () => {
  await append(0, 30);
  await scene.database.pool.query(`UPDATE outbox SET published_at = now() - interval '8 days'`);
  const sql = fromPg(scene.database.pool);
  const options = { sql, logger: scene.logger, followers: [scene.consumer], everyMs: 20 };
  let passes = 0;
  const counting = {
    query: <Row>(text: string, values?: readonly unknown[]) => {
      passes += 1;
      return sql.query<Row>(text, values);
    },
  };
  const housekeeping = startHousekeeping({ ...options, sql: counting });
  await eventually(() => expect(passes).toBeGreaterThan(6));
  expect(await scene.count('outbox')).toBe(30);
  await relay();
  await consume();
  await eventually(async () => expect(await scene.count('outbox')).toBe(0), patient);
  expect(await scene.count('effects')).toBe(30);
  await housekeeping.stop();
});

test('an event that waits for weeks holds up no other, and the others take effect once', async () => {
  let isWaiting = true;
  await relay();
  await consume({
    backoff: { firstMs: 10, maxMs: 200 },
    handlers: [
      on(scene.counted, async (event, tx: PoolClient) => {
        if (event.data.n === 3 && isWaiting) throw Object.assign(new Error('statement timeout'), { code: '57014' });
        await scene.addEffect(event, tx);
      }),
    ],
  });
  const { pool } = scene.database;
  const onlyTheThirdIsOpen = (last: number) =>
    eventually(async () => {
      const { rows } = await pool.query(
        `SELECT confirmed_sequence::int AS confirmed, (SELECT array_agg((payload->'data'->>'n')::int) FROM outbox
           WHERE sequence = ANY(open_sequences)) AS open FROM outbox_followers`,
      );
      expect(rows).toEqual([{ confirmed: last, open: [3] }]);
    }, patient);
  await scene.append(...numbers(2_100).map((n) => scene.event(`aggregate-${n}`, n))); // more than are compared at a time
  await onlyTheThirdIsOpen(2_100);
  // Weeks pass: housekeeping deletes the inbox, and what is confirmed from the outbox.
  await pool.query(`UPDATE outbox SET published_at = now() - interval '8 days'`);
  await pool.query(`UPDATE inbox SET received_at = now() - interval '15 days'`);
  const sql = fromPg(pool);
  const housekeeping = startHousekeeping({ sql, logger: scene.logger, followers: [scene.consumer], everyMs: 20 });
  await eventually(async () => expect(await scene.count('outbox')).toBe(1), patient);
  await eventually(async () => expect(await scene.count('inbox')).toBe(0), patient);
  await housekeeping.stop();
  await scene.append(scene.event('aggregate-0', 5_000));
  await onlyTheThirdIsOpen(2_101);
  isWaiting = false;
  await confirmed();
  const counts = (await scene.effects()).map(({ n }) => n);
  expect(new Set(counts).size).toBe(counts.length);
  expect(counts).toContain(3);
});

test('an event that cannot be handled becomes a dead letter, and does not hold up the others', async () => {
  await append(0, 20);
  await pretendPublished();
  await relay();
  await consume({
    maxAttempts: 2,
    backoff: { firstMs: 1, maxMs: 2 },
    handlers: [
      on(scene.counted, async (event, tx: PoolClient) => {
        if (event.data.n === 7) throw new Error('seven');
        await scene.addEffect(event, tx);
      }),
    ],
  });
  await everyEffectOnce(19);
  expect(await scene.count('dead_letters')).toBe(1);
});

test('an event whose handling ends the process each time is handled alone, and given up at last', async () => {
  await append(0, 3);
  await pretendPublished();
  await relay();
  // The process that does not answer stands for one that ends.
  const broker = await scene.connect('reader');
  const asked: number[] = [];
  const responding = [
    broker.respond(
      { subject: `outbox.compare.${durableName(scene.consumer)}`, responder: 'reader' },
      async (payload) => ({
        lacking: (payload as { events: [string, string][] }).events.map(([, id]) => id),
        waiting: [],
      }),
    ),
    broker.respond(
      { subject: `outbox.deliver.${durableName(scene.consumer)}`, responder: 'reader' },
      async (payload) => {
        const { events } = payload as { events: { attempts: number }[] };
        asked.push(...events.map(({ attempts }) => attempts));
        throw new Error('the process ended');
      },
    ),
  ];
  await eventually(() => expect(asked.filter((attempts) => attempts === 3)).toHaveLength(3), patient);
  for (const each of responding) await each.stop();
  await consume({ maxDeliveries: 3 });
  await eventually(async () => expect(await scene.count('dead_letters')).toBe(3), patient);
  await confirmed();
});

test('a broker that restarts, with relays that compare, gets nothing a second time', async () => {
  await relay();
  await consume();
  await append(0, 200);
  await everyEffectOnce(200);
  const before = await messages();
  for (const n of numbers(3)) {
    await servers.killNats();
    await servers.startNats();
    await append(200 + n, 1);
    await everyEffectOnce(201 + n);
  }
  expect(await messages()).toBe(before + 3);
});

test('two replicas on each side hand over each event once', async () => {
  await append(0, 3_000);
  await pretendPublished();
  for (const _replica of numbers(2)) await relay();
  for (const _replica of numbers(2)) await consume();
  await everyEffectOnce(3_000);
});

test('a relay that stops does not wait for a follower that does not answer', async () => {
  await append(0, 3);
  await pretendPublished();
  const broker = await scene.connect('reader');
  let asked = 0;
  let answerAtLast!: () => void;
  const answer = new Promise<object>((resolve) => (answerAtLast = () => resolve({ lacking: [], waiting: [] })));
  broker.respond({ subject: `outbox.compare.${durableName(scene.consumer)}`, responder: 'reader' }, () => {
    asked += 1;
    return answer;
  });
  const running = await relay();
  await eventually(() => expect(asked).toBe(1), patient);
  await running.stop();
  answerAtLast();
  expect(scene.logger.lines.filter(({ message }) => message.includes('failing'))).toEqual([]);
  const { rows } = await scene.database.pool.query('SELECT confirmed_sequence::int AS confirmed FROM outbox_followers');
  expect(rows).toEqual([{ confirmed: 0 }]);
});

test('a follower leaves events alone that it does not follow', async () => {
  const newer = {
    ...scene.topology.consumers[0]!,
    subjects: [...scene.consumer.subjects, `${scene.counted.type}.newer`],
  };
  const broker = await scene.connect('writer', servers.natsUrl(), { ...scene.topology, consumers: [newer] });
  await append(0, 3);
  await scene.append({ ...scene.event('a', 3), type: `${scene.counted.type}.newer` });
  await pretendPublished();
  await relay({ broker });
  await consume();
  await eventually(async () => {
    const { rows } = await scene.database.pool.query(
      'SELECT confirmed_sequence::int AS confirmed, open_sequences::int[] AS open FROM outbox_followers',
    );
    expect(rows).toEqual([{ confirmed: 4, open: [4] }]);
  }, patient);
  expect([await scene.count('effects'), await scene.count('dead_letters')]).toEqual([3, 0]);
});
