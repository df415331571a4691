import { eventually } from '@shop/testing';
import { countDeadLetters, fromPg, listDeadLetters, newEvent, on, requestResend } from '../src/index.ts';
import type { DeadLetterNotice, EventDefinition } from '../src/index.ts';
import { asAdmin } from './fixtures/admin.ts';
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

const sql = () => fromPg(scene.database.pool);
const deadLetters = (count: number) =>
  eventually(async () => {
    const letters = await listDeadLetters(sql());
    expect(letters).toHaveLength(count);
    return letters;
  });
const quick = { backoff: { firstMs: 5, maxMs: 20 } };
const inFlight = () =>
  asAdmin(
    servers.natsUrl(),
    async (manager) =>
      (await manager.consumers.info(scene.stream.name, `reader-from-${scene.stream.name.toLowerCase()}`))
        .num_ack_pending,
  );

test('a failing message is stored with its error, listed, and handled after the fix', async () => {
  await scene.relay();
  let attempts = 0;
  let broken = true;
  await scene.consume({
    ...quick,
    databaseUrl: scene.database.url,
    resendPollMs: 60_000,
    maxAttempts: 3,
    handlers: [
      on(scene.counted, async (event, tx) => {
        if (event.data.n === 2) attempts += 1;
        await scene.addEffect(event, tx);
        if (broken && event.data.n === 2) throw new Error('two is too much');
      }),
    ],
  });
  const poison = {
    ...scene.event('a', 2),
    headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
  };
  await scene.append(scene.event('a', 1), poison, scene.event('a', 3));
  const [letter] = await deadLetters(1);
  await eventually(async () => expect((await scene.effects()).map(({ n }) => n)).toEqual([1, 3]));
  expect([3, 4]).toContain(attempts); // alone, and before that in a batch if other messages came with it
  expect(letter).toMatchObject({
    consumer: `reader-from-${scene.stream.name.toLowerCase()}`,
    stream: scene.stream.name,
    streamSequence: '2',
    messageId: poison.id,
    type: scene.counted.type,
    deliveries: 3,
    resendRequestedAt: null,
    resolvedAt: null,
  });
  expect(letter?.error).toContain('two is too much');
  expect(letter?.headers['traceparent']).toBe(poison.headers.traceparent);
  expect(JSON.parse(new TextDecoder().decode(letter?.payload))).toMatchObject({ id: poison.id, data: { n: 2 } });
  expect(await countDeadLetters(sql())).toBe(1);
  expect(await inFlight()).toBe(0);

  // Before the fix it fails again with a new error.
  expect(await requestResend(sql(), [letter!.id])).toEqual([letter!.id]);
  await eventually(async () =>
    expect((await listDeadLetters(sql()))[0]).toMatchObject({ deliveries: 4, resendRequestedAt: null }),
  );
  broken = false;
  const requested = performance.now();
  await requestResend(sql(), 'all');
  await deadLetters(0);
  expect(performance.now() - requested).toBeLessThan(30_000); // handled at once: the next poll is a minute away
  expect((await scene.effects()).map(({ n }) => n)).toEqual([1, 3, 2]);
  expect(await countDeadLetters(sql())).toBe(0);
  expect((await listDeadLetters(sql(), { resolved: true }))[0]?.resolvedAt).toBeInstanceOf(Date);
  expect(await requestResend(sql(), [letter!.id])).toEqual([]);
});

test.each([
  ['no JSON', 'counted{', 'the body is not JSON'],
  ['no UTF-8', Uint8Array.from([0xff, 0xfe, 0]), 'the body is not JSON'],
  ['no envelope', '[1]', 'the body is not a JSON object'],
  ['an envelope without an id', JSON.stringify({ specversion: '1.0' }), 'the envelope has no id'],
])('%s becomes a dead letter at once, as it was received', async (_name, body, error) => {
  await scene.relay();
  await scene.consume();
  await scene.append(scene.event('a', 1));
  await eventually(async () => expect(await scene.count('effects')).toBe(1));
  await asAdmin(servers.natsUrl(), (_manager, nats) => nats.jetstream().publish(scene.counted.type, body));
  const [letter] = await deadLetters(1);
  expect(letter).toMatchObject({ streamSequence: '2', deliveries: 1 });
  expect(letter?.messageId).toMatch(new RegExp(`^${scene.stream.name}:2@\\d+$`));
  expect(letter?.error).toContain(error);
  expect(Buffer.from(letter!.payload)).toEqual(Buffer.from(body as string));
  await scene.append(scene.event('a', 2));
  await eventually(async () => expect(await scene.count('effects')).toBe(2));
});

test('malformed data becomes a dead letter at once, and is handled after the definition accepts it', async () => {
  await scene.relay();
  const consumer = await scene.consume();
  const wrong = { ...scene.event('a', 1), data: { n: '1' } };
  await scene.append(wrong);
  const [letter] = await deadLetters(1);
  expect(letter).toMatchObject({ messageId: wrong.id });
  expect(letter?.error).toContain('n is not a number');
  await consumer.stop();
  const wider = { ...scene.counted, parse: (data: unknown) => ({ n: Number((data as { n: unknown }).n) }) };
  await scene.consume({ resendPollMs: 50, handlers: [on(wider, (event, tx) => scene.addEffect(event, tx))] });
  await requestResend(sql(), 'all');
  await deadLetters(0);
  expect((await scene.effects())[0]).toMatchObject({ n: 1 });
});

test('a dead letter is resolved when its message is delivered again and succeeds', async () => {
  await scene.relay();
  const failing = await scene.consume({
    ...quick,
    maxAttempts: 1,
    handlers: [
      on(scene.counted, async () => {
        throw new Error('broken');
      }),
    ],
  });
  await scene.append(scene.event('a', 1));
  await deadLetters(1);
  await failing.stop();
  await scene.consume();
  await asAdmin(servers.natsUrl(), (manager) => manager.streams.delete(scene.stream.name)); // so that the relay publishes the event again
  await scene.append(scene.event('b', 2));
  await eventually(async () => expect(await scene.count('effects')).toBe(2));
  await deadLetters(0);
});

test('replicas handle a requested dead letter once', async () => {
  await scene.relay();
  const failing = await scene.consume({
    ...quick,
    maxAttempts: 1,
    handlers: [
      on(scene.counted, async () => {
        throw new Error('broken');
      }),
    ],
  });
  await scene.append(...Array.from({ length: 30 }, (_, n) => scene.event(`aggregate-${n}`, n)));
  await deadLetters(30);
  await failing.stop();
  for (const name of ['one', 'two', 'three']) await scene.consume({ resendPollMs: 10 }, name);
  await requestResend(sql(), 'all');
  await deadLetters(0);
  expect(await scene.count('effects')).toBe(30);
});

test('delivers a message again when its dead letter cannot be stored', async () => {
  await scene.relay();
  await scene.database.pool.query('ALTER TABLE dead_letters ADD CONSTRAINT refused CHECK (false)');
  let broken = true;
  await scene.consume({
    ...quick,
    maxAttempts: 1,
    handlers: [
      on(scene.counted, async (event, tx) => {
        if (broken) throw new Error('broken');
        await scene.addEffect(event, tx);
      }),
    ],
  });
  await scene.append(scene.event('a', 1));
  const lost = 'a dead letter could not be stored, the broker delivers the message again';
  await eventually(() =>
    expect(scene.logger.lines.filter(({ message }) => message === lost).length).toBeGreaterThan(2),
  );
  broken = false;
  await eventually(async () => expect(await scene.count('effects')).toBe(1));
});

test('a message that ends the process each time becomes a dead letter without being handled', async () => {
  await scene.relay();
  const consumer = await scene.consume();
  await scene.append(scene.event('a', 0));
  await eventually(async () => expect(await scene.count('effects')).toBe(1));
  await consumer.stop();
  await scene.append(scene.event('a', 1));
  // Replicas that died with the message leave only its delivery count.
  await asAdmin(servers.natsUrl(), async (_manager, nats) => {
    const replica = await nats
      .jetstream()
      .consumers.get(scene.stream.name, `reader-from-${scene.stream.name.toLowerCase()}`);
    for (let delivery = 1; delivery <= 3; delivery += 1) {
      const message = await replica.next({ expires: 5_000 });
      expect(message?.info.deliveryCount).toBe(delivery);
      message?.nak();
    }
    await nats.flush();
  });
  await scene.consume({ maxDeliveries: 3 });
  const [letter] = await deadLetters(1);
  expect(letter).toMatchObject({ deliveries: 3 });
  expect(letter?.error).toContain('delivered 4 times');
  expect(await scene.count('effects')).toBe(1);
});

test('rejects invalid ids', async () => {
  await expect(requestResend(sql(), ["x'); DROP TABLE inbox; --"])).rejects.toThrow(TypeError);
  expect(await requestResend(sql(), [])).toEqual([]);
  expect(await requestResend(sql(), ['00000000-0000-7000-8000-000000000000'])).toEqual([]);
});

test('a dead letter is reported by an event that names it, and by nothing else', async () => {
  const reported: EventDefinition<DeadLetterNotice> = {
    type: scene.counted.type.replace('counted', 'dead_lettered'),
    source: '/reader',
    parse: (data) => data as DeadLetterNotice,
  };
  await scene.relay();
  await scene.consume({
    ...quick,
    maxAttempts: 2,
    reportDeadLetter: (notice) => newEvent(reported, { aggregateId: notice.eventId, data: notice }),
    handlers: [on(scene.counted, () => Promise.reject(new Error('a secret')))],
  });
  const poison = scene.event('a', 1);
  await scene.append(poison);
  const [letter] = await deadLetters(1);
  const rows = await sql().query<{ payload: { subject: string; data: unknown } }>(
    'SELECT payload FROM outbox WHERE type = $1',
    [reported.type],
  );
  expect(rows.map(({ payload: { subject, data } }) => [subject, data])).toEqual([
    [poison.id, { consumer: letter?.consumer, eventType: scene.counted.type, eventId: poison.id }],
  ]);
});
