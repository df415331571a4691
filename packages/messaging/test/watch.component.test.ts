import { natsUsers } from '@shop/stack';
import { eventually } from '@shop/testing';
import { connect, headers, type JetStreamManager } from 'nats';
import {
  connectBroker,
  newEvent,
  watchEvents,
  watchStream,
  type Broker,
  type EventDefinition,
  type Topology,
} from '../src/index.ts';
import { toEnvelope } from '../src/envelope.ts';
import { recordingLogger } from './fixtures/recording-logger.ts';
import { Servers } from './fixtures/servers.ts';

const event: EventDefinition<number> = {
  type: 'test.watched.happened.v1',
  source: '/writer',
  parse(data) {
    if (typeof data !== 'number') throw new Error('not a number');
    return data;
  },
};
const watch = { watcher: 'door', stream: 'WATCHED', subjects: [event.type] };
const topology: Topology = {
  streams: [{ name: 'WATCHED', publisher: 'writer', subjects: ['test.watched.>'] }],
  consumers: [],
  watches: [watch, { watcher: 'window', stream: 'WATCHED', subjects: [event.type, 'test.watched.too.v1'] }],
  requests: [],
};

let servers: Servers;
let manager: JetStreamManager;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  servers = await Servers.start({ users: natsUsers(topology, (user) => `secret-${user}`) });
});
afterAll(() => servers?.stop());
beforeEach(openManager);
afterEach(async () => {
  await manager.streams.delete(watch.stream);
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function openManager(): Promise<void> {
  const nats = await connect({ port: servers.natsPort, user: 'ops', pass: 'secret-ops' });
  manager = await nats.jetstreamManager();
  stops.push(() => nats.close());
}

const createStream = () => manager.streams.add({ name: watch.stream, subjects: ['test.watched.>'] });

async function publish(data: unknown, type = event.type): Promise<void> {
  const body = toEnvelope({ ...newEvent(event, { aggregateId: 'a', data: 0 }), type, data });
  await manager.jetstream().publish(type, JSON.stringify(body), { headers: headers() });
}

async function open(sinceMs = 60_000, heartbeatMs?: number) {
  const logger = recordingLogger();
  const broker: Broker = await connectBroker({ url: servers.natsUrl('door'), service: 'door', topology, logger });
  const seen: number[] = [];
  const handle = ({ data }: { data: number }): void => void seen.push(data);
  const options = { broker, watch, event, sinceMs, handle, logger };
  const running = watchEvents({ ...options, ...(heartbeatMs === undefined ? {} : { heartbeatMs }) });
  stops.push(async () => {
    await running.stop();
    await broker.close();
  });
  return { seen, logger, watch: running };
}

test('reads the events of the given time, then each new one, and no other type', async () => {
  await createStream();
  await publish(1);
  await publish(2, 'test.watched.other.v1');
  const { seen, watch: running } = await open();
  expect(await running.whenCurrent(AbortSignal.timeout(20_000))).toBe(true);
  expect(seen).toEqual([1]);
  await publish(3);
  await eventually(() => expect(seen).toEqual([1, 3]));

  const late = await open(0);
  expect(await late.watch.whenCurrent(AbortSignal.timeout(20_000))).toBe(true);
  await publish(4);
  await eventually(() => expect([late.seen, seen]).toEqual([[4], [1, 3, 4]]));
});

test('skips a message that it cannot read, and reports it', async () => {
  await createStream();
  await publish('nonsense');
  await publish(5);
  const { seen, logger, watch: running } = await open();
  expect(await running.whenCurrent(AbortSignal.timeout(20_000))).toBe(true);
  expect(seen).toEqual([5]);
  expect(logger.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
});

test('waits for a stream that does not exist yet', async () => {
  const { seen, watch: running } = await open();
  expect(await running.whenCurrent(AbortSignal.timeout(300))).toBe(false);
  expect(running.isCurrent()).toBe(false);
  await createStream();
  await publish(1);
  await eventually(() => expect([running.isCurrent(), seen]).toEqual([true, [1]]));
});

test('goes on after the stream was created again', async () => {
  await createStream();
  const { seen, watch: running } = await open(60_000, 500);
  await running.whenCurrent(AbortSignal.timeout(20_000));
  await manager.streams.delete(watch.stream);
  await createStream();
  await publish(7);
  await eventually(() => expect(seen).toEqual([7]));
});

test('is not current while the broker is away, and reads again what it may have missed', async () => {
  await createStream();
  const { seen, watch: running } = await open();
  await running.whenCurrent(AbortSignal.timeout(20_000));
  await publish(1);
  await eventually(() => expect(seen).toEqual([1]));
  await servers.killNats();
  await eventually(() => expect(running.isCurrent()).toBe(false));
  await servers.startNats();
  await openManager();
  await publish(2);
  await eventually(() => expect([running.isCurrent(), seen.includes(2)]).toEqual([true, true]));
});

/** Watches two types from the last event of the stream, and notes what it is told: the numbers of events, and each gap. */
async function openFromLast(heartbeatMs = 300) {
  const logger = recordingLogger();
  const broker = await connectBroker({ url: servers.natsUrl('window'), service: 'window', topology, logger });
  const told: (number | 'gap')[] = [];
  const running = watchStream({
    broker,
    watch: { watcher: 'window', stream: 'WATCHED', subjects: [event.type, 'test.watched.too.v1'] },
    start: 'last',
    handle: ({ body }) => void told.push((JSON.parse(Buffer.from(body).toString()) as { data: number }).data),
    onGap: () => void told.push('gap'),
    logger,
    heartbeatMs,
    freshMs: 900,
  });
  stops.push(async () => {
    await running.stop();
    await broker.close();
  });
  await running.whenCurrent(AbortSignal.timeout(20_000));
  return { told, watch: running };
}

test('a watch from the last event gets it and each new one of its types, and goes on after the last when the broker was away', async () => {
  await createStream();
  await publish(1);
  const { told, watch: running } = await openFromLast();
  await publish(2);
  await publish(3, 'test.watched.too.v1');
  await publish(4, 'test.watched.other.v1');
  await eventually(() => expect(told).toEqual(['gap', 1, 2, 3]));
  await servers.killNats();
  await eventually(() => expect(running.isCurrent()).toBe(false));
  await servers.startNats();
  await openManager();
  await publish(5);
  await eventually(() => expect([running.isCurrent(), told]).toEqual([true, ['gap', 1, 2, 3, 5]]));
});

test.each([
  { how: 'has other messages at its places', before: 2, after: 4 },
  { how: 'ends before the last event that was read', before: 3, after: 1 },
])('a watch from the last event tells of a gap when the stream $how', async ({ before, after }) => {
  await createStream();
  const { told, watch: running } = await openFromLast();
  const first = Array.from({ length: before }, (_, index) => index);
  for (const number of first) await publish(number);
  await eventually(() => expect(told).toEqual(['gap', ...first]));
  await manager.streams.delete(watch.stream);
  await eventually(() => expect(running.isCurrent()).toBe(false));
  await createStream();
  for (let number = 0; number < after; number += 1) await publish(10 + number);
  await eventually(() =>
    expect([running.isCurrent(), told.filter((each) => each === 'gap').length > 1]).toEqual([true, true]),
  );
  const seen = told.length;
  await publish(20);
  await publish(21);
  await eventually(() => expect(told.slice(seen)).toEqual(expect.arrayContaining([20, 21])));
});

test('a watch that is asked whether it is current notices at once that the broker has lost its consumer', async () => {
  await createStream();
  // The signs come too seldom to notice anything within this test.
  const { told, watch: running } = await openFromLast(600_000);
  await publish(1);
  await eventually(() => expect([running.isCurrent(), told]).toEqual([true, ['gap', 1]]));
  for await (const { name } of manager.consumers.list(watch.stream)) await manager.consumers.delete(watch.stream, name);
  await publish(2);
  await eventually(() => expect([running.isCurrent(), told]).toEqual([true, ['gap', 1, 2]]));
});

test('a watch stays current without events and without signs, by what the broker answers', async () => {
  await createStream();
  const { watch: running } = await openFromLast(600_000);
  const openedAt = performance.now();
  await eventually(() => expect([running.isCurrent(), performance.now() - openedAt > 3_000]).toEqual([true, true]));
});
