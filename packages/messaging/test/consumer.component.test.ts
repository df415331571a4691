import { eventually } from '@shop/testing';
import { on, onBatch, pgTransact } from '../src/index.ts';
import { asAdmin } from './fixtures/admin.ts';
import { Scene } from './fixtures/scene.ts';
import { Servers } from './fixtures/servers.ts';

let servers: Servers;
let scene: Scene;

beforeAll(async () => {
  servers = await Servers.start({ postgres: true });
});
afterAll(() => servers?.stop());
beforeEach(async () => {
  scene = await Scene.create(servers);
});
afterEach(() => scene?.stop());

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const effects = (count: number) => eventually(async () => expect(await scene.count('effects')).toBe(count));
const acknowledged = (count: number) =>
  eventually(() =>
    asAdmin(servers.natsUrl(), async (manager) => {
      const info = await manager.consumers.info(scene.stream.name, `reader-from-${scene.stream.name.toLowerCase()}`);
      expect(info.ack_floor.stream_seq).toBe(count);
      expect(info.num_ack_pending).toBe(0);
    }),
  );

/** Creates a promise that the test resolves. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

test('an event takes effect and its message is acknowledged', async () => {
  await scene.relay();
  await scene.consume();
  const event = scene.event('a', 1);
  await scene.append(event);
  await effects(1);
  expect((await scene.effects())[0]).toMatchObject({ message_id: event.id, aggregate: 'a', n: 1 });
  await acknowledged(1);
});

test('a message that is delivered twice takes effect once', async () => {
  await scene.relay();
  await scene.consume();
  const event = scene.event('a', 1);
  await scene.append(event);
  await effects(1);
  await asAdmin(servers.natsUrl(), async (_manager, nats) => {
    const { data, header } = await nats
      .jetstreamManager()
      .then((manager) => manager.streams.getMessage(scene.stream.name, { seq: 1 }));
    header.delete('Nats-Msg-Id'); // past the broker's own de-duplication
    await Promise.all([1, 2, 3].map(() => nats.jetstream().publish(scene.counted.type, data, { headers: header })));
  });
  await acknowledged(4);
  expect(await scene.count('effects')).toBe(1);
  expect(await scene.count('inbox')).toBe(1);
});

test('a message that is acknowledged too late takes effect once', async () => {
  await scene.relay();
  // The first consumer stands for one that dies before it answers: its handler never returns.
  const stuck = gate();
  const first = await scene.consume({
    ackWaitMs: 1_000,
    handlers: [
      on(scene.counted, async (event, tx) => {
        await scene.addEffect(event, tx, 'first');
        await stuck.opened;
        throw new Error('died');
      }),
    ],
    maxAttempts: 1_000,
  });
  await scene.append(scene.event('a', 1));
  await eventually(() =>
    asAdmin(servers.natsUrl(), async (manager) => {
      expect(
        (await manager.consumers.info(scene.stream.name, `reader-from-${scene.stream.name.toLowerCase()}`))
          .num_ack_pending,
      ).toBe(1);
    }),
  );
  const stopped = first.stop();
  stuck.open();
  await stopped;
  await scene.consume({ ackWaitMs: 1_000 }, 'second');
  await effects(1);
  expect((await scene.effects())[0]).toMatchObject({ by: 'second' });
});

test('events of an aggregate are handled in order, also when one fails at first', async () => {
  await scene.relay();
  let failures = 0;
  await scene.consume({
    backoff: { firstMs: 20, maxMs: 50 },
    handlers: [
      on(scene.counted, async (event, tx) => {
        if (event.data.n === 3 && event.subject === 'aggregate-1' && failures++ < 4) throw new Error('not yet');
        await scene.addEffect(event, tx);
      }),
    ],
  });
  await scene.append(...numbers(200).map((n) => scene.event(`aggregate-${n % 5}`, Math.floor(n / 5))));
  await effects(200);
  const handled = await scene.effects();
  for (const aggregate of numbers(5).map((n) => `aggregate-${n}`)) {
    expect(handled.filter((effect) => effect.aggregate === aggregate).map(({ n }) => n)).toEqual(numbers(40));
  }
});

test('messages of a failed batch are handled one by one, within the limit of concurrency', async () => {
  await scene.relay();
  let running = 0;
  let most = 0;
  await scene.consume({
    concurrency: 4,
    handlers: [
      onBatch(scene.counted, async (events, tx) => {
        if (events.length > 1) throw new Error('one at a time');
        most = Math.max(most, ++running);
        await tx.query('SELECT pg_sleep(0.05)');
        for (const event of events) await scene.addEffect(event, tx);
        running -= 1;
      }),
    ],
  });
  await scene.append(...numbers(40).map((n) => scene.event(`aggregate-${n}`, n)));
  await effects(40);
  expect(most).toBe(4);
});

test('two replicas share the messages', async () => {
  await scene.relay();
  await scene.consume({ batchSize: 2, concurrency: 2 }, 'one');
  await scene.consume({ batchSize: 2, concurrency: 2 }, 'two');
  await scene.append(...numbers(300).map((n) => scene.event(`aggregate-${n % 30}`, n)));
  await effects(300);
  const handled = await scene.effects();
  expect(new Set(handled.map((effect) => effect.message_id)).size).toBe(300);
  expect(new Set(handled.map(({ by }) => by))).toEqual(new Set(['one', 'two']));
});

test('a restart of the database loses no message and makes no dead letter', async () => {
  await scene.relay();
  await scene.consume({ maxAttempts: 1 });
  let written = 0;
  let writing = true;
  const writer = (async () => {
    while (writing)
      await scene.append(scene.event(`aggregate-${written % 7}`, written)).then(
        () => {
          written += 1;
        },
        () => {},
      );
  })();
  await eventually(async () => expect(await scene.count('effects')).toBeGreaterThan(50));
  await servers.stopPostgres();
  await servers.startPostgres();
  const before = written;
  await eventually(() => expect(written).toBeGreaterThan(before + 50));
  writing = false;
  await writer;
  await eventually(async () => {
    expect(await scene.count('pending')).toBe(0);
    expect(await scene.count('effects')).toBe(await scene.count('outbox'));
  });
  expect(await scene.count('dead_letters')).toBe(0);
  const ids = (await scene.effects()).map((effect) => effect.message_id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('messages wait for a database that is away, without counting attempts', async () => {
  await scene.relay();
  let away = true;
  let attempts = 0;
  await scene.consume({
    maxAttempts: 1,
    transact: (work) => {
      attempts += 1;
      if (away) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      return pgTransact(scene.database.pool)(work);
    },
  });
  await scene.append(scene.event('a', 1));
  await eventually(() => expect(attempts).toBeGreaterThan(4));
  away = false;
  await effects(1);
  expect(await scene.count('dead_letters')).toBe(0);
});

test('stopping finishes current messages and leaves the rest to other replicas at once', async () => {
  await scene.relay();
  const started = gate();
  const hold = gate();
  const consumer = await scene.consume({
    batchSize: 1,
    handlers: [
      on(scene.counted, async (event, tx) => {
        started.open();
        await hold.opened;
        await scene.addEffect(event, tx, 'stopped');
      }),
    ],
  });
  await scene.append(...numbers(20).map((n) => scene.event(`aggregate-${n}`, n)));
  await started.opened;
  const stopped = consumer.stop();
  hold.open();
  await stopped;
  expect(await scene.count('effects')).toBe(1);
  const restarted = performance.now();
  await scene.consume({}, 'other');
  await effects(20);
  expect(performance.now() - restarted).toBeLessThan(10_000); // released, not redelivered after the ack wait
  expect((await scene.effects()).map(({ by }) => by).filter((by) => by === 'stopped')).toHaveLength(1);
});

test('a message that takes longer than the ack wait is not delivered again', async () => {
  await scene.relay();
  let handled = 0;
  await scene.consume({
    ackWaitMs: 600,
    handlers: [
      on(scene.counted, async (event, tx) => {
        handled += 1;
        await tx.query('SELECT pg_sleep(2)');
        await scene.addEffect(event, tx);
      }),
    ],
  });
  await scene.append(scene.event('a', 1));
  await acknowledged(1);
  expect(handled).toBe(1);
  await asAdmin(servers.natsUrl(), async (manager) => {
    expect(
      (await manager.consumers.info(scene.stream.name, `reader-from-${scene.stream.name.toLowerCase()}`)).delivered
        .consumer_seq,
    ).toBe(1);
  });
});

test('creates the durable consumer with its subjects and updates its settings', async () => {
  await scene.relay();
  await (await scene.consume({ maxAckPending: 7 })).stop();
  await scene.consume();
  await eventually(() =>
    asAdmin(servers.natsUrl(), async (manager) => {
      const { config } = await manager.consumers.info(
        scene.stream.name,
        `reader-from-${scene.stream.name.toLowerCase()}`,
      );
      expect(config).toMatchObject({
        durable_name: `reader-from-${scene.stream.name.toLowerCase()}`,
        ack_policy: 'explicit',
        deliver_policy: 'all',
        ...(servers.natsVersion.startsWith('2.9.') ? {} : { filter_subjects: [scene.counted.type] }),
        max_ack_pending: 1024,
        ack_wait: 10e9,
        max_deliver: -1,
      });
    }),
  );
});

test('acknowledges messages on other subjects unread', async () => {
  await scene.relay();
  await scene.consume({ consumer: { ...scene.consumer, subjects: [scene.counted.type] } });
  await scene.append(
    { ...scene.event('a', 1), type: `${scene.counted.type.replace('counted', 'other')}` },
    scene.event('a', 2),
  );
  await effects(1);
  expect((await scene.effects())[0]?.n).toBe(2);
  expect(await scene.count('dead_letters')).toBe(0);
});

test('rejects handlers that do not match the subjects', async () => {
  await expect(scene.consume({ handlers: [] })).rejects.toThrow('no handler for');
  const elsewhere = on({ ...scene.counted, type: 'test.elsewhere.v1' }, async () => {});
  await expect(scene.consume({ handlers: [on(scene.counted, async () => {}), elsewhere] })).rejects.toThrow(
    'does not consume',
  );
});
