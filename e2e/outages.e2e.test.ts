import { connectBroker } from '@shop/messaging';
import { topology } from '@shop/contracts';
import { eventually, type GraphqlClient } from '@shop/testing';
import { openShop, placeOrder, untilStatus, type Shop } from './shop.ts';

let shop: Shop;
let customer: GraphqlClient;

beforeAll(async () => {
  shop = await openShop({ env: { SUBGRAPH_TIMEOUT_MS: '5000' } }); // a scenario waits for a hanging subgraph
  customer = await shop.newCustomer();
});
afterAll(() => shop?.stop());

test('an order is accepted while the broker is down, and reserved after the broker restarts', async () => {
  const product = await shop.newProduct({ initialStock: 5 });
  const warmUp = await placeOrder(customer, [[product, 1]]);
  await untilStatus(customer, warmUp.order.id, 'RESERVED');

  await shop.stack.nats?.stop();
  const { order } = await placeOrder(customer, [[product, 1]]);
  expect(order).toMatchObject({ status: 'PENDING' });
  await shop.stack.nats?.start();

  await untilStatus(customer, order.id, 'RESERVED');
  expect(await shop.stockOf(product)).toMatchObject({ reserved: 2 });
});

test('an order is answered without its product, and with an error, while the product subgraph is down', async () => {
  const product = await shop.newProduct({ name: 'Lamp' });
  const { order } = await placeOrder(customer, [[product, 1]]);
  await untilStatus(customer, order.id, 'RESERVED');

  const subgraph = shop.stack.service('product');
  await subgraph.stop();
  const query = `query ($id: ID!) { order(id: $id) { status items { name quantity product { name } } } }`;
  const answer = await customer.execute(query, { id: order.id });
  expect(answer.data).toEqual({ order: { status: 'RESERVED', items: [{ name: 'Lamp', quantity: 1, product: null }] } });
  expect(answer.errors).toEqual([
    {
      message: 'The product service is unavailable.',
      path: ['order', 'items', 0, 'product'],
      extensions: { code: 'SERVICE_UNAVAILABLE', service: 'product' },
    },
  ]);

  await subgraph.start();
  await subgraph.untilReady();
  // The gateway's next probe finds the subgraph.
  await eventually(async () => {
    const recovered = await customer.execute<{ order: { items: { product: object | null }[] } }>(query, {
      id: order.id,
    });
    expect(recovered.data?.order.items[0]?.product).toEqual({ name: 'Lamp' });
  });
});

test('a subgraph that hangs loses only its own fields, and they fail at once after the gateway has noticed', async () => {
  const product = await shop.newProduct();
  const { order } = await placeOrder(customer, [[product, 1]]);
  await untilStatus(customer, order.id, 'RESERVED');
  const query = `query ($id: ID!) { order(id: $id) { status items { product { name } } } }`;
  const read = () => customer.execute<{ order: { items: { product: object | null }[] } }>(query, { id: order.id });
  const expectPart = async (): Promise<void> => {
    const answer = await read();
    expect(answer.data).toEqual({ order: { status: 'RESERVED', items: [{ product: null }] } });
    expect(answer.errors).toMatchObject([
      { path: ['order', 'items', 0, 'product'], extensions: { code: 'SERVICE_UNAVAILABLE' } },
    ]);
  };
  const health = async () => {
    const answer = await fetch(new URL('/health', shop.stack.graphqlUrl));
    return ((await answer.json()) as { subgraphs: Record<string, object> }).subgraphs;
  };

  shop.stack.service('product').kill('SIGSTOP');
  try {
    await eventually(async () => {
      await expectPart();
      expect(await health()).toMatchObject({ product: { status: 'down', breaker: 'open' }, order: { status: 'up' } });
    });
    const startedAt = performance.now();
    for (let call = 0; call < 50; call += 1) await expectPart();
    // If each waited for its timeout, they would take more than four minutes.
    expect(performance.now() - startedAt).toBeLessThan(120_000);
  } finally {
    shop.stack.service('product').kill('SIGCONT');
  }
  await eventually(async () => expect((await read()).data?.order.items[0]?.product).not.toBeNull());
});

test('a message that is delivered twice changes stock once', async () => {
  const product = await shop.newProduct({ initialStock: 5 });
  const { order } = await placeOrder(customer, [[product, 2]]);
  await untilStatus(customer, order.id, 'RESERVED');

  const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const broker = await connectBroker({ url: shop.stack.natsUrl('ops'), service: 'ops', topology, logger });
  try {
    const nats = broker.link.nats!;
    const manager = await nats.jetstreamManager();
    const before = (await manager.streams.info('ORDER')).state.last_seq;
    const copies: Uint8Array[] = [];
    for (let seq = 1; seq <= before; seq += 1) {
      const message = await manager.streams.getMessage('ORDER', { seq });
      if (message.subject === 'shop.order.created.v1' && message.string().includes(order.id)) copies.push(message.data);
    }
    expect(copies).toHaveLength(1);
    // A different message for the broker, but the same event for the consumer.
    await nats.jetstream().publish('shop.order.created.v1', copies[0]);
    await eventually(async () => {
      const { ack_floor: done } = await manager.consumers.info('ORDER', 'product-from-order');
      expect(done.stream_seq).toBeGreaterThan(before);
    });
  } finally {
    await broker.close();
  }
  expect(await shop.stockOf(product)).toEqual({ onHand: 5, reserved: 2, available: 3 });
  await untilStatus(customer, order.id, 'RESERVED');
});

test('a killed service restarts, and accepted orders continue', async () => {
  const product = await shop.newProduct({ initialStock: 5 });
  shop.stack.service('product').kill('SIGKILL');
  const { order } = await eventually(async () => {
    const placed = await placeOrder(customer, [[product, 1]]);
    expect(placed.__typename).toBe('PlaceOrderSuccess');
    return placed;
  });
  // The broker redelivers the dead process's messages after the consumer's ack wait.
  await untilStatus(customer, order.id, 'RESERVED', 50_000);
});

test('a killed database restarts, and accepted orders continue', async () => {
  const product = await shop.newProduct({ initialStock: 5 });
  const before = await placeOrder(customer, [[product, 1]]);
  shop.stack.postgres?.kill('SIGKILL');
  const { order } = await eventually(async () => {
    const placed = await placeOrder(customer, [[product, 1]]);
    expect(placed.__typename).toBe('PlaceOrderSuccess');
    return placed;
  });
  await untilStatus(customer, before.order.id, 'RESERVED', 50_000);
  await untilStatus(customer, order.id, 'RESERVED', 50_000);
  expect(await shop.stockOf(product)).toEqual({ onHand: 5, reserved: 2, available: 3 });
});
