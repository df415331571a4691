import { connectBroker } from '@shop/messaging';
import { topology } from '@shop/contracts';
import type { StackService } from '@shop/stack';
import { eventually, graphqlClient, type GraphqlClient } from '@shop/testing';
import { placeOrder, registerCustomer, untilStatus, type Shop } from '../shop.ts';

let shop: Shop;
let customer: GraphqlClient;
/** A gateway that soon gives a subgraph up. The other one waits for as long as a busy machine may need. */
let impatient: StackService;
/** The same customer at that gateway. */
let atImpatient: GraphqlClient;

/** Parts of the system are away, hang or are killed, one after the other. */
export function testOutages(openedShop: () => Shop): void {
  beforeAll(async () => {
    shop = openedShop();
    const registered = await registerCustomer(shop.anonymous);
    customer = registered.client;
    impatient = await shop.stack.startReplica('gateway', {
      env: { SUBGRAPH_TIMEOUT_MS: '5000', SUBGRAPH_WAIT_MS: '5000' },
    });
    atImpatient = graphqlClient(`${impatient.url}/graphql`, registered.accessToken);
  });
  afterAll(() => impatient?.stop());

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
    expect(answer.data).toEqual({
      order: { status: 'RESERVED', items: [{ name: 'Lamp', quantity: 1, product: null }] },
    });
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
    const read = () => atImpatient.execute<{ order: { items: { product: object | null }[] } }>(query, { id: order.id });
    const expectPart = async (): Promise<void> => {
      const answer = await read();
      expect(answer.data).toEqual({ order: { status: 'RESERVED', items: [{ product: null }] } });
      expect(answer.errors).toMatchObject([
        { path: ['order', 'items', 0, 'product'], extensions: { code: 'SERVICE_UNAVAILABLE' } },
      ]);
    };
    const health = async () => {
      const answer = await fetch(`${impatient.url}/health`);
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

  test('the fields of a subgraph that stays away fail at once, and are answered when it is back', async () => {
    const productId = await shop.newProduct();
    const client = graphqlClient(`${impatient.url}/graphql`);
    // The gateway keeps no answer with this field, so each read needs the subgraph.
    const query = `query ($id: ID!) { __typename product(id: $id) { id stockVersion } }`;
    const read = () => client.execute(query, { id: productId });
    expect((await read()).errors).toBeUndefined();

    const subgraph = shop.stack.service('product');
    await subgraph.stop();
    const before = performance.now();
    for (let call = 0; call < 20; call += 1) {
      expect(await read()).toMatchObject({
        data: { __typename: 'Query', product: null },
        errors: [{ path: ['product'], extensions: { code: 'SERVICE_UNAVAILABLE', service: 'product' } }],
      });
    }
    // If each call waited, they would take 100 seconds.
    expect(performance.now() - before).toBeLessThan(60_000);

    await subgraph.start();
    await eventually(async () => expect((await read()).data).toMatchObject({ product: { id: productId } }), {
      timeoutMs: 60_000,
    });
  });

  test('a message that is delivered twice changes stock once', async () => {
    const product = await shop.newProduct({ initialStock: 5 });
    const { order } = await placeOrder(customer, [[product, 2]]);
    await untilStatus(customer, order.id, 'RESERVED');

    const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
    const broker = await connectBroker({ url: shop.stack.natsUrl('ops'), service: 'ops', topology, logger });
    try {
      const { nats } = broker.link;
      if (nats === null) throw new Error('The broker is away.');
      const manager = await nats.jetstreamManager();
      const { first_seq: first, last_seq: before } = (await manager.streams.info('ORDER')).state;
      const copies: Uint8Array[] = [];
      for (let seq = first; seq <= before; seq += 1) {
        // Other tests on this system have let the broker lose messages.
        const message = await manager.streams.getMessage('ORDER', { seq }).catch(() => null);
        if (message?.subject === 'shop.order.created.v1' && message.string().includes(order.id))
          copies.push(message.data);
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
}
