import { randomUUID } from 'node:crypto';
import { findStream, topology } from '@shop/contracts';
import { createLogger, Metrics } from '@shop/process';
import { natsUsers, startNats, freePort, type NatsServer } from '@shop/stack';
import { eventually, temporaryDirectory, type TemporaryDirectory } from '@shop/testing';
import { whyNotWithStockEngine } from '@shop/testing/config';
import { asAdmin } from '../../packages/messaging/test/fixtures/admin.ts';
import { followEvents, type RunningFeed } from '../src/events/broker-feed.ts';
import { connectAsGateway } from '../src/identity/follow-revoked-sessions.ts';
import { cachedSchemas, createShopResolvers, ShopData } from './cached-shop.ts';
import { execute, startSystem, type System } from './system.ts';

/** The cache belongs to our own engine. */
const reason = whyNotWithStockEngine();
const ownTest = reason === null ? test : test.skip;
const title = reason === null ? '' : ` (skipped: ${reason})`;

const users = natsUsers(topology, (user) => `secret-${user}`);
const { name: stream, subjects } = findStream('product');
const ends: (() => Promise<unknown>)[] = [];
let directory: TemporaryDirectory;
let port: number;
let nats: NatsServer;
let feed: RunningFeed;
let metrics: Metrics;
let system: System;
let data: ShopData;

const startBroker = async (): Promise<void> => {
  nats = await startNats({ dataDir: directory.path, port, users });
};
const createStream = () =>
  asAdmin(nats.url('ops'), (manager) => manager.streams.add({ name: stream, subjects: [...subjects] }));
const publish = (type: string, subject: string) =>
  asAdmin(nats.url('ops'), async (manager) => {
    const envelope = {
      specversion: '1.0',
      id: randomUUID(),
      source: '/product',
      type,
      subject,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data: {},
    };
    await manager.jetstream().publish(type, JSON.stringify(envelope));
  });

beforeEach(async () => {
  directory = await temporaryDirectory();
  ends.push(() => directory.remove());
  port = await freePort();
  await startBroker();
  ends.push(() => nats.stop());
  await createStream();
  const logger = createLogger({ service: 'test', level: 'silent' });
  const broker = await connectAsGateway(nats.url('gateway'), logger);
  ends.push(() => broker.close());
  metrics = new Metrics();
  feed = followEvents({ broker, metrics, logger });
  ends.push(() => feed.stop());
  data = new ShopData();
  system = await startSystem(createShopResolvers(data), { schemas: cachedSchemas, feed });
  ends.push(() => system.close());
  await untilCurrent();
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A second, and as long as a busy machine may take to read the broker's last sign. */
const staleMs = 1_500;

const untilCurrent = () => eventually(() => expect(feed.isCurrent(stream)).toBe(true));
async function readName(id: string): Promise<unknown> {
  const { data: found } = await execute(
    system.gateway.url,
    'query P($id: ID!) { product(id: $id) { id name } }',
    {},
    { id },
  );
  return (found?.['product'] as { name: string }).name;
}
async function isKept(id: string): Promise<boolean> {
  const before = system.seen.length;
  await readName(id);
  return system.seen.length === before;
}
/** Reads until something is kept: the first read fills the cache, unless an event comes between. */
const fill = (id: string) => eventually(async () => expect(await isKept(id)).toBe(true));

ownTest(`an event in the stream drops what it changes, and nothing else${title}`, async () => {
  await fill('a');
  await fill('b');
  data.set('a', { name: 'New name' });
  data.set('b', { name: 'Changed without an event' });
  expect(await readName('a')).toBe('Product a');
  await publish('shop.product.updated.v1', 'a');
  await eventually(async () => expect(await readName('a')).toBe('New name'));
  expect(await readName('b')).toBe('Product b');
});

test('the way of each new event to the gateway is measured, and not that of one from before the start', async () => {
  const readDelay = async (part: string): Promise<number> => {
    const { text } = await metrics.scrape();
    const line = new RegExp(`^shop_gateway_event_delay_seconds_${part}\\{stream="${stream}"\\} (.*)$`, 'm').exec(text);
    return Number(line?.[1] ?? 0);
  };
  await publish('shop.product.updated.v1', 'a');
  await publish('shop.product.updated.v1', 'b');
  await eventually(async () => expect(await readDelay('count')).toBe(2));
  // The clock is the same, so the delay is that of the machine.
  expect(await readDelay('sum')).toBeLessThan(60);

  const broker = await connectAsGateway(nats.url('gateway'), createLogger({ service: 'test', level: 'silent' }));
  const later = new Metrics();
  const second = followEvents({ broker, metrics: later, logger: createLogger({ service: 'test', level: 'silent' }) });
  try {
    await eventually(() => expect(second.isCurrent(stream)).toBe(true));
    expect((await later.scrape()).text).not.toContain('shop_gateway_event_delay_seconds_count{');
  } finally {
    await second.stop();
    await broker.close();
  }
});

ownTest(
  `without a broker there are fresh answers and no kept ones, and then the events that were missed${title}`,
  async () => {
    await fill('a');
    await fill('b');
    await nats.stop();
    await eventually(async () => expect(await isKept('a')).toBe(false));
    data.set('a', { name: 'New name' });
    expect(await readName('a')).toBe('New name');
    expect(await isKept('a')).toBe(false);
    await startBroker();
    await publish('shop.product.updated.v1', 'a');
    await untilCurrent();
    await fill('a');
    expect(await readName('a')).toBe('New name');
  },
);

ownTest(`a stream that was lost drops all that depends on it${title}`, async () => {
  // The stream has an event, so that a new one is not a continuation.
  await publish('shop.product.updated.v1', 'a');
  await fill('a');
  await fill('b');
  data.set('b', { name: 'Changed while the stream was away' });
  await asAdmin(nats.url('ops'), (manager) => manager.streams.delete(stream));
  await createStream();
  await eventually(async () => {
    // The watch begins again after some silence, and notices the loss at the next event.
    await publish('shop.product.updated.v1', 'a');
    const { text } = await system.metrics.scrape();
    expect(Number(/cache_invalidations_total\{cause="gap"\} (\d+)/.exec(text)?.[1])).toBeGreaterThan(0);
  });
  await untilCurrent();
  await fill('b');
  expect(await readName('b')).toBe('Changed while the stream was away');
});

ownTest(`an event that cannot be read drops all that depends on its stream${title}`, async () => {
  await fill('b');
  data.set('b', { name: 'Changed by an event of a form that nobody knows' });
  await asAdmin(nats.url('ops'), async (manager) => {
    await manager.jetstream().publish('shop.product.updated.v1', 'not an envelope');
  });
  await eventually(async () => expect(await readName('b')).toBe('Changed by an event of a form that nobody knows'));
});

ownTest(`a broker that stands still makes what is kept useless within a second${title}`, async () => {
  await fill('a');
  nats.kill('SIGSTOP');
  const frozenAt = performance.now();
  try {
    data.set('a', { name: 'Changed, and nobody is told' });
    // The connection is still there, and nothing says that the broker is not.
    let askedAt = frozenAt;
    let name: unknown;
    while (askedAt - frozenAt < staleMs) {
      askedAt = performance.now();
      name = await readName('a');
    }
    expect(name).toBe('Changed, and nobody is told');
    expect(await isKept('a')).toBe(false);
  } finally {
    nats.kill('SIGCONT');
  }
  await untilCurrent();
  await publish('shop.product.updated.v1', 'a');
  await fill('a');
});
