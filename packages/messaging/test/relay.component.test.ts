import { eventually } from '@shop/testing';
import { DiscardPolicy } from 'nats';
import { appendToOutbox, fromPg, pgTransact } from '../src/index.ts';
import { asAdmin, readStream } from './fixtures/admin.ts';
import { Scene } from './fixtures/scene.ts';
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

const published = async (count: number) =>
  eventually(async () => {
    expect(await scene.count('outbox')).toBe(count);
    expect(await scene.count('pending')).toBe(0);
  });

test('publishes the event of a committed change, and none of a change that was rolled back', async () => {
  await scene.relay();
  const rolledBack = scene.event('a', 1);
  await expect(
    pgTransact(scene.database.pool)(async (tx) => {
      await appendToOutbox(fromPg(tx), [rolledBack]);
      throw new Error('changed my mind');
    }),
  ).rejects.toThrow('changed my mind');
  const committed = scene.event('a', 2);
  await scene.append(committed);
  await published(1);
  expect(await readStream(servers.natsUrl(), scene.stream.name)).toEqual([{ id: committed.id, aggregate: 'a', n: 2 }]);
});

test('publishes a CloudEvents envelope with the headers of the event', async () => {
  await scene.relay();
  const event = {
    ...scene.event('order-1', 7),
    headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
  };
  await scene.append(event);
  await published(1);
  await asAdmin(servers.natsUrl(), async (manager) => {
    const message = await manager.streams.getMessage(scene.stream.name, { seq: 1 });
    expect(message.subject).toBe(scene.counted.type);
    expect(message.header.get('Nats-Msg-Id')).toBe(event.id);
    expect(message.header.get('Content-Type')).toBe('application/cloudevents+json');
    expect(message.header.get('traceparent')).toBe(event.headers.traceparent);
    expect(message.json()).toEqual({
      specversion: '1.0',
      id: event.id,
      source: '/writer',
      type: scene.counted.type,
      subject: 'order-1',
      time: event.time.toISOString(),
      datacontenttype: 'application/json',
      data: { n: 7 },
    });
  });
});

test('three relays and concurrent writers keep the order of each aggregate', async () => {
  for (let replica = 0; replica < 3; replica += 1) await scene.relay({ batchSize: 7, pollMs: 50 });
  const aggregates = Array.from({ length: 8 }, (_, index) => `aggregate-${index}`);
  await Promise.all(
    aggregates.flatMap((aggregate) =>
      [0, 1].map(async () => {
        for (let change = 0; change < 40; change += 1) await scene.change(aggregate);
      }),
    ),
  );
  await published(8 * 80);
  const messages = await readStream(servers.natsUrl(), scene.stream.name);
  for (const aggregate of aggregates) {
    const numbers = messages.filter((message) => message.aggregate === aggregate).map(({ n }) => n);
    expect(numbers).toEqual(Array.from({ length: 80 }, (_, index) => index + 1));
  }
});

test('publishes a new event at once, without waiting for the poll', async () => {
  await scene.relay({ pollMs: 60_000 });
  await scene.append(scene.event('warm-up', 1));
  await published(1);
  const latencies: number[] = [];
  for (let n = 2; n < 12; n += 1) {
    const start = performance.now();
    await scene.append(scene.event('a', n));
    await eventually(async () => expect(await scene.count('pending')).toBe(0), { timeoutMs: 5_000 });
    latencies.push(performance.now() - start);
  }
  expect(latencies.sort((a, b) => a - b)[5]).toBeLessThan(500);
});

test('the poll finds events without a notification', async () => {
  await scene.database.pool.query('ALTER TABLE outbox DISABLE TRIGGER outbox_notify');
  await scene.relay({ pollMs: 100 });
  await scene.append(scene.event('a', 1));
  await published(1);
});

test('stopping finishes the current batch', async () => {
  const relay = await scene.relay();
  await scene.append(...Array.from({ length: 500 }, (_, n) => scene.event(`aggregate-${n % 50}`, n)));
  await relay.stop();
  const { rows } = await scene.database.pool.query('SELECT id::text AS id FROM outbox WHERE published_at IS NOT NULL');
  const messages = rows.length > 0 ? await readStream(servers.natsUrl(), scene.stream.name) : [];
  expect(messages.map(({ id }) => id).sort()).toEqual(rows.map(({ id }) => id).sort());
});

test('an event that cannot be published blocks only its own aggregate', async () => {
  await scene.relay({ pollMs: 100 });
  const tooLarge = { ...scene.event('large', 1), data: { n: 1, text: 'x'.repeat(1_100_000) } };
  await scene.append(tooLarge, scene.event('large', 2), scene.event('small', 1));
  await eventually(async () => expect(await scene.count('pending')).toBe(2));
  await scene.append(scene.event('small', 2));
  await eventually(async () => expect(await scene.count('pending')).toBe(2));
  expect(
    (await readStream(servers.natsUrl(), scene.stream.name)).map(({ aggregate, n }) => `${aggregate} ${n}`),
  ).toEqual(['small 1', 'small 2']);
  expect(scene.logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
});

test('a full stream drops its oldest events, and their follower gets all of them', async () => {
  await scene.relay({ stream: { ...scene.stream, maxBytes: 20_000 }, confirmAfterMs: 500, confirmEveryMs: 200 });
  await scene.append(...Array.from({ length: 100 }, (_, n) => scene.event('a', n)));
  await published(100);
  expect((await readStream(servers.natsUrl(), scene.stream.name)).length).toBeLessThan(100);
  await scene.consume();
  await eventually(async () =>
    expect((await scene.effects()).map(({ n }) => n).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, n) => n),
    ),
  );
});

describe('the configuration of the stream', () => {
  const isOldServer = () => servers.natsVersion.startsWith('2.9.');
  const untilConfigured = () =>
    eventually(() =>
      asAdmin(servers.natsUrl(), async (manager) => {
        const { config } = await manager.streams.info(scene.stream.name);
        expect(config).toMatchObject({
          subjects: scene.stream.subjects,
          storage: 'file',
          retention: 'limits',
          discard: 'old',
          max_age: 24 * 3600e9,
          max_bytes: 50_000_000,
          duplicate_window: 120e9,
          ...(isOldServer() ? {} : { compression: 's2' }),
        });
      }),
    );

  test('is updated when the definition changes', async () => {
    await (await scene.relay({ stream: { ...scene.stream, maxAgeMs: 3_600_000 } })).stop();
    await scene.relay();
    await untilConfigured();
  });

  test('is updated when an earlier release made the stream, and its messages stay', async () => {
    const { name, subjects } = scene.stream;
    await asAdmin(servers.natsUrl(), async (manager, nats) => {
      const limits = { discard: DiscardPolicy.Old, max_bytes: 50_000_000, duplicate_window: 120e9 };
      await manager.streams.add({ name, subjects: [...subjects], max_age: 24 * 3600e9, ...limits });
      await nats.jetstream().publish(scene.counted.type, JSON.stringify({ subject: 'a', data: { n: 7 } }));
    });
    await scene.relay();
    await untilConfigured();
    await scene.append(scene.event('a', 8));
    await published(1);
    expect((await readStream(servers.natsUrl(), name)).map(({ n }) => n)).toEqual([7, 8]);
  });
});
