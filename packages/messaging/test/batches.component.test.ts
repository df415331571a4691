import { eventually } from '@shop/testing';
import type { PoolClient } from 'pg';
import { durableName, fromPg, on, onBatch, pgTransact } from '../src/index.ts';
import { claimMessages } from '../src/consumer/handle-messages.ts';
import { asAdmin } from './fixtures/admin.ts';
import { Scene } from './fixtures/scene.ts';
import type { Counted } from './fixtures/scene.ts';
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
const effects = (count: number) => eventually(async () => expect(await scene.count('effects')).toBe(count));
const acknowledged = () =>
  eventually(() =>
    asAdmin(servers.natsUrl(), async (manager) => {
      const info = await manager.consumers.info(scene.stream.name, durableName(scene.consumer));
      expect([info.num_ack_pending, info.num_pending]).toEqual([0, 0]);
    }),
  );
/** Publishes events before a consumer starts, so that they wait together. */
const publish = async (...events: Parameters<Scene['append']>) => {
  await scene.relay();
  await scene.append(...events);
  await eventually(async () => expect(await scene.count('pending')).toBe(0));
};
type Events = readonly { id: string; subject: string; data: Counted }[];
const addEffects = async (events: Events, tx: PoolClient): Promise<void> => {
  for (const event of events) await scene.addEffect(event, tx);
};

test('waiting events share transactions and handler calls', async () => {
  await publish(...numbers(1_000).map((n) => scene.event(`aggregate-${n}`, n)));
  const calls: { transaction: string; size: number }[] = [];
  await scene.consume({
    handlers: [
      onBatch(scene.counted, async (events, tx) => {
        const {
          rows: [row],
        } = await tx.query('SELECT pg_current_xact_id()::text AS id');
        calls.push({ transaction: row.id, size: events.length });
        await addEffects(events, tx);
      }),
    ],
  });
  await effects(1_000);
  await acknowledged();
  expect((await scene.effects()).map(({ n }) => n)).toEqual(numbers(1_000));
  expect(Math.max(...calls.map(({ size }) => size))).toBeGreaterThan(20);
  expect(Math.max(...calls.map(({ size }) => size))).toBeLessThanOrEqual(256);
  expect(calls.length).toBeLessThan(100);
  expect(new Set(calls.map(({ transaction }) => transaction)).size).toBe(calls.length);
  expect(await scene.count('inbox')).toBe(1_000);
});

test('alternating event types keep the order of each aggregate', async () => {
  const settled = { ...scene.counted, type: scene.counted.type.replace('counted', 'settled') };
  await publish(
    ...numbers(600).map((n) => ({
      ...scene.event(`aggregate-${n % 60}`, n),
      type: n % 7 < 3 ? settled.type : scene.counted.type,
    })),
  );
  let calls = 0;
  const add = async (events: Events, tx: PoolClient) => {
    calls += 1;
    await addEffects(events, tx);
  };
  await scene.consume({
    consumer: { ...scene.consumer, subjects: [scene.counted.type, settled.type] },
    handlers: [onBatch(scene.counted, add), onBatch(settled, add)],
  });
  await effects(600);
  const handled = await scene.effects();
  for (const aggregate of numbers(60)) {
    expect(handled.filter((effect) => effect.aggregate === `aggregate-${aggregate}`).map(({ n }) => n)).toEqual(
      numbers(10).map((round) => aggregate + 60 * round),
    );
  }
  expect(calls).toBeLessThan(200);
});

test('a message that is twice in a batch or was handled before takes effect once', async () => {
  await publish(...numbers(20).map((n) => scene.event(`aggregate-${n}`, n)));
  const consumer = await scene.consume();
  await effects(20);
  await consumer.stop();
  await scene.append(...numbers(20).map((n) => scene.event(`aggregate-${n}`, 20 + n)));
  await eventually(async () => expect(await scene.count('pending')).toBe(0));
  await asAdmin(servers.natsUrl(), async (manager, nats) => {
    for (const seq of [...numbers(40), ...numbers(40)]) {
      const { data, header, subject } = await manager.streams.getMessage(scene.stream.name, { seq: seq + 1 });
      header.delete('Nats-Msg-Id'); // past the broker's own de-duplication
      nats.publish(subject, data, { headers: header });
    }
    await nats.flush();
  });
  await scene.consume();
  await effects(40);
  await acknowledged();
  expect((await scene.effects()).map(({ n }) => n)).toEqual(numbers(40));
});

test('a failing message does not affect the rest of its batch or the order of its aggregate', async () => {
  await publish(...numbers(300).map((n) => scene.event(`aggregate-${n % 30}`, Math.floor(n / 30))));
  let failures = 0;
  const add = async (event: Events[number], tx: PoolClient): Promise<void> => {
    if (event.subject === 'aggregate-7' && event.data.n === 2) throw new Error('never');
    if (event.subject === 'aggregate-8' && event.data.n === 3 && failures++ < 3) throw new Error('not yet');
    await scene.addEffect(event, tx);
  };
  await scene.consume({ backoff: { firstMs: 10, maxMs: 30 }, maxAttempts: 5, handlers: [on(scene.counted, add)] });
  await effects(299);
  await acknowledged();
  expect(await scene.count('dead_letters')).toBe(1);
  const handled = await scene.effects();
  for (const aggregate of numbers(30)) {
    expect(handled.filter((effect) => effect.aggregate === `aggregate-${aggregate}`).map(({ n }) => n)).toEqual(
      numbers(10).filter((n) => aggregate !== 7 || n !== 2),
    );
  }
});

test('a batch that is too large for its transaction is split without counting an attempt', async () => {
  await publish(...numbers(100).map((n) => scene.event(`aggregate-${n}`, n)));
  let largest = 0;
  await scene.consume({
    maxAttempts: 1,
    handlers: [
      onBatch(scene.counted, async (events, tx) => {
        largest = Math.max(largest, events.length);
        await addEffects(events, tx);
        if (events.length > 30) throw Object.assign(new Error('transaction already closed'), { code: 'P2028' });
      }),
    ],
  });
  await effects(100);
  await acknowledged();
  expect(largest).toBeGreaterThan(30);
  expect((await scene.effects()).map(({ n }) => n).sort((a, b) => a - b)).toEqual(numbers(100));
  expect(await scene.count('dead_letters')).toBe(0);
});

test('acknowledges irrelevant events without a trace, and stores malformed ones as dead letters', async () => {
  await publish(...numbers(50).map((n) => scene.event(`aggregate-${n % 5}`, n)), {
    ...scene.event('aggregate-1', 1),
    data: { n: 'x' },
  });
  await scene.consume({ handlers: [onBatch(scene.counted, addEffects, { relevant: ({ n }) => n % 10 === 0 })] });
  await acknowledged();
  expect((await scene.effects()).map(({ n }) => n)).toEqual([0, 10, 20, 30, 40]);
  expect(await scene.count('inbox')).toBe(5);
  expect(await scene.count('dead_letters')).toBe(1);
});

test('resending resolves the dead letter of an event that is no longer relevant', async () => {
  await publish(scene.event('a', 1));
  const failing = await scene.consume({
    maxAttempts: 1,
    handlers: [
      on(scene.counted, async () => {
        throw new Error('broken');
      }),
    ],
  });
  await eventually(async () => expect(await scene.count('dead_letters')).toBe(1));
  await failing.stop();
  await scene.consume({
    resendPollMs: 20,
    handlers: [
      on(
        scene.counted,
        async () => {
          throw new Error('broken');
        },
        { relevant: () => false },
      ),
    ],
  });
  await scene.database.pool.query('UPDATE dead_letters SET resend_requested_at = now()');
  await eventually(async () => {
    expect(
      (await scene.database.pool.query('SELECT resolved_at FROM dead_letters')).rows[0].resolved_at,
    ).toBeInstanceOf(Date);
  });
});

test('handles messages with many deliveries alone', async () => {
  await publish(...numbers(12).map((n) => scene.event(`aggregate-${n}`, n)));
  await (
    await scene.consume({
      handlers: [
        on(scene.counted, async () => {
          throw new Error('no');
        }),
      ],
      backoff: { firstMs: 60_000, maxMs: 60_000 },
    })
  ).stop();
  // Replicas that died with the messages leave only the delivery counts.
  await asAdmin(servers.natsUrl(), async (_manager, nats) => {
    const replica = await nats.jetstream().consumers.get(scene.stream.name, durableName(scene.consumer));
    for (let delivery = 0; delivery < 3; delivery += 1) {
      for await (const message of await replica.fetch({ max_messages: 12, expires: 5_000 })) message.nak();
      await nats.flush();
    }
  });
  await scene.append(...numbers(200).map((n) => scene.event(`other-${n}`, 100 + n)));
  const calls: number[] = [];
  let running = 0;
  await scene.consume({
    handlers: [
      onBatch(scene.counted, async (events, tx) => {
        running += 1;
        if (events.some(({ data }) => data.n < 100)) calls.push(events.length, running);
        await tx.query('SELECT pg_sleep(0.005)');
        await addEffects(events, tx);
        running -= 1;
      }),
    ],
  });
  await effects(212);
  await acknowledged();
  expect(calls).toEqual(Array.from({ length: 24 }, () => 1));
});

test('replicas that claim the same messages at the same time do not deadlock', async () => {
  const transact = pgTransact(scene.database.pool);
  for (let round = 0; round < 30; round += 1) {
    const ids = numbers(300).map(() => crypto.randomUUID());
    const claims = await Promise.all(
      [ids, [...ids].reverse(), ids].map((order) =>
        transact(async (tx) => (await claimMessages(fromPg(tx), 'reader', order)).size),
      ),
    );
    expect(claims.sort()).toEqual([0, 0, 300]);
  }
});
