import { readFile } from 'node:fs/promises';
import { natsUsers } from '@shop/stack';
import { eventually } from '@shop/testing';
import { createTables, startOrders, startShipping } from '../examples/ship-orders.ts';
import type { Topology } from '../src/index.ts';
import { recordingLogger } from './fixtures/recording-logger.ts';
import { Servers } from './fixtures/servers.ts';

/** The example's topology, written out, so that its services run with no more rights than they need. */
const topology: Topology = {
  streams: [{ name: 'ORDERS', publisher: 'orders', subjects: ['example.orders.>'] }],
  consumers: [{ subscriber: 'shipping', stream: 'ORDERS', subjects: ['example.orders.placed.v1'] }],
  requests: [],
};

let servers: Servers;

beforeAll(async () => {
  servers = await Servers.start({ users: natsUsers(topology, (user) => `secret-${user}`) });
});
afterAll(() => servers?.stop());

test("the README's example turns an order into a parcel", async () => {
  const logger = recordingLogger();
  const [ordersDatabase, shippingDatabase] = [await servers.createDatabase(false), await servers.createDatabase(false)];
  await Promise.all([createTables(ordersDatabase.url), createTables(shippingDatabase.url)]);
  await ordersDatabase.pool.query('CREATE TABLE orders (id TEXT PRIMARY KEY, address TEXT NOT NULL)');
  await shippingDatabase.pool.query('CREATE TABLE parcels (order_id TEXT PRIMARY KEY, address TEXT NOT NULL)');
  const orders = await startOrders({ databaseUrl: ordersDatabase.url, natsUrl: servers.natsUrl('orders'), logger });
  const shipping = await startShipping({
    databaseUrl: shippingDatabase.url,
    natsUrl: servers.natsUrl('shipping'),
    logger,
  });
  try {
    await orders.placeOrder({ orderId: 'order-1', address: '1 Main Street' });
    await expect(orders.placeOrder({ orderId: 'order-1', address: 'elsewhere' })).rejects.toThrow(/duplicate key/);
    await eventually(async () => {
      const { rows } = await shippingDatabase.pool.query('SELECT order_id, address FROM parcels');
      expect(rows).toEqual([{ order_id: 'order-1', address: '1 Main Street' }]);
    });
    const { rows } = await ordersDatabase.pool.query('SELECT count(*)::int AS count FROM outbox');
    expect(rows).toEqual([{ count: 1 }]);
  } finally {
    await shipping.stop();
    await orders.stop();
  }
  expect(logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

test('the README shows the tested example', async () => {
  const readme = await readFile('packages/messaging/README.md', 'utf8');
  const example = await readFile('packages/messaging/examples/ship-orders.ts', 'utf8');
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
});
