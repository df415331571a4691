import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { PlaceOrder } from '@shop/client';
import { freePort, type StackService } from '@shop/stack';
import { eventually, graphqlClient, type GraphqlAnswer } from '@shop/testing';
import { startForwarder } from './replicas.ts';
import { address, openShop, registerCustomer, type RegisteredCustomer, type Shop } from './shop.ts';

// Each step waits for up to a minute on a busy machine.
jest.setTimeout(300_000);

let shop: Shop;
let customer: RegisteredCustomer;
let productId: string;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  // On a busy machine a restart takes longer than the default.
  shop = await openShop({ env: { SUBGRAPH_WAIT_MS: '60000' } });
  customer = await registerCustomer(shop.anonymous);
  productId = await shop.newProduct({ initialStock: 100_000 });
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
afterAll(() => shop?.stop());

interface Load {
  /** Ends the load, and returns the number of answers and what failed. */
  stop(): Promise<{ answers: number; failures: unknown[] }>;
  readonly answers: () => number;
}

/** Repeats a call in parallel until it is stopped. */
function startLoad(call: () => Promise<GraphqlAnswer<unknown>>, parallel = 4): Load {
  const failures: unknown[] = [];
  let answers = 0;
  let isStopped = false;
  const loops = Array.from({ length: parallel }, async () => {
    while (!isStopped) {
      const { status, data, errors } = await call().catch((error: unknown) => {
        return { status: 0, data: null, errors: [{ message: String(error) }] };
      });
      if (status !== 200 || errors !== undefined) failures.push({ status, data, errors });
      else answers += 1;
    }
  });
  const stop = async (): ReturnType<Load['stop']> => {
    isStopped = true;
    await Promise.all(loops);
    return { answers, failures };
  };
  stops.push(stop); // otherwise a test that fails would leave it running for ever
  return { answers: () => answers, stop };
}

async function restart(service: StackService): Promise<void> {
  await service.stop();
  await service.start();
  await service.untilReady(60_000);
}

/** Waits until the load has got further answers, so that it meets each state of a restart. */
async function untilFurtherAnswers(load: Load): Promise<void> {
  const before = load.answers();
  await eventually(() => expect(load.answers()).toBeGreaterThan(before + 20), { timeoutMs: 60_000 });
}

test('no read is lost while the only replica of a subgraph restarts', async () => {
  const query = `query ($id: ID!) { product(id: $id) { name availableQuantity } }`;
  const reads = startLoad(() => shop.anonymous.execute(query, { id: productId }));
  for (let round = 0; round < 2; round += 1) {
    await untilFurtherAnswers(reads);
    await restart(shop.stack.service('product'));
  }
  await untilFurtherAnswers(reads);
  const { answers, failures } = await reads.stop();
  expect(failures).toEqual([]);
  expect(answers).toBeGreaterThan(60);
});

test('no read and no order is lost while two replicas of a subgraph restart in turn', async () => {
  const port = await freePort();
  const second = await shop.stack.startReplica('order', { port });
  stops.push(second.stop);
  const forwarder = await startForwarder([shop.stack.ports.order, port]);
  stops.push(forwarder.stop);
  const gateway = await shop.stack.startReplica('gateway', { env: { ORDER_URL: forwarder.url } });
  stops.push(gateway.stop);

  const client = graphqlClient(`${gateway.url}/graphql`, customer.accessToken);
  const reads = startLoad(() => client.execute(`{ me { orders(first: 1) { nodes { number status } } } }`));
  const writes = startLoad(async () => {
    const items = [{ productId, quantity: 1 }];
    const input = { items, shippingAddress: address, idempotencyKey: randomUUID() };
    const answer = await client.execute(PlaceOrder, { input });
    expect(answer.data?.placeOrder.__typename ?? 'PlaceOrderSuccess').toBe('PlaceOrderSuccess');
    return answer;
  }, 2);
  for (let round = 0; round < 2; round += 1) {
    await untilFurtherAnswers(writes);
    await restart(second);
    await untilFurtherAnswers(writes);
    await restart(shop.stack.service('order'));
  }
  await untilFurtherAnswers(writes);
  const [read, written] = [await reads.stop(), await writes.stop()];
  expect([...read.failures, ...written.failures]).toEqual([]);
  // A write that was sent again made no second order.
  const { me } = await client.request<{ me: { orders: { totalCount: number } } }>(`{ me { orders { totalCount } } }`);
  expect(me.orders.totalCount).toBe(written.answers);
});

test('the fields of a subgraph that stays away fail at once, and are answered when it is back', async () => {
  const gateway = await shop.stack.startReplica('gateway', { env: { SUBGRAPH_WAIT_MS: '1000' } });
  stops.push(gateway.stop);
  const client = graphqlClient(`${gateway.url}/graphql`);
  const read = () => client.execute(`query ($id: ID!) { __typename product(id: $id) { id } }`, { id: productId });
  expect((await read()).errors).toBeUndefined();

  const subgraph = shop.stack.service('product');
  await subgraph.stop();
  const before = performance.now();
  for (let call = 0; call < 300; call += 1) {
    expect(await read()).toMatchObject({
      data: { __typename: 'Query', product: null },
      errors: [{ path: ['product'], extensions: { code: 'SERVICE_UNAVAILABLE', service: 'product' } }],
    });
  }
  // If each call waited, they would take five minutes.
  expect(performance.now() - before).toBeLessThan(150_000);

  await subgraph.start();
  await eventually(async () => expect((await read()).data).toMatchObject({ product: { id: productId } }), {
    timeoutMs: 60_000,
  });
});
