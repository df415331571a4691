import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { PlaceOrder } from '@shop/client';
import { nameVariables, type ServiceName, serviceNames } from '@shop/contracts';
import { freePort, type ProcessName, type StackService } from '@shop/stack';
import { eventually, graphqlClient, type GraphqlAnswer } from '@shop/testing';
import { chooseSize, isLongRun } from '@shop/testing/config';
import { startForwarder } from '../replicas.ts';
import { address, registerCustomer, type RegisteredCustomer, type Shop } from '../shop.ts';

/** On a busy machine a restart takes longer than the default. */
const patience = { SUBGRAPH_WAIT_MS: '60000', SUBGRAPH_TIMEOUT_MS: '60000' };

/** How often the only replica restarts. */
const ROUNDS = chooseSize({ short: 1, long: 2 });

let shop: Shop;
let customer: RegisteredCustomer;
let productId: string;
const stops: (() => Promise<unknown>)[] = [];

interface Load {
  /** Ends the load, and returns the number of answers and what failed. */
  stop(): Promise<{ answers: number; failures: unknown[] }>;
  readonly answers: () => number;
}

/** The pause between two calls of a load, in milliseconds. Without one, the load would take the processors that the restart needs. */
const PAUSE_MS = 30;

/** Repeats a call in parallel until it is stopped. */
function startLoad(call: () => Promise<GraphqlAnswer<unknown>>, parallel = 2): Load {
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
      await pause(PAUSE_MS);
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
  await eventually(() => expect(load.answers()).toBeGreaterThan(before + 20));
}

const isLong = isLongRun();
/** The subgraphs of a rolling restart. The short form has the one that takes the orders, since each replica is a process. */
const restarted: readonly ServiceName[] = isLong ? serviceNames : ['order'];

/** Longer than clients keep an idle connection, so that none is used when it is closed. */
const NOTICE_MS = '5000';

/** Starts a second replica of a subgraph, and a load balancer in front of both. */
async function startPair(name: ServiceName) {
  const port = await freePort();
  const second = await startReplica(name, { port });
  const forwarder = await startForwarder([port, shop.stack.ports[name]]);
  stops.push(forwarder.stop);
  return { name, url: forwarder.url, services: [second, shop.stack.service(name)] };
}

/** Starts two gateways, and a load balancer in front that asks for their health. */
async function startGateways(env: NodeJS.ProcessEnv) {
  const ports = [await freePort(), await freePort()];
  const services = [];
  for (const port of ports)
    services.push(await startReplica('gateway', { port, env: { ...env, SHUTDOWN_DELAY_MS: NOTICE_MS } }));
  const forwarder = await startForwarder(ports, { checkHealth: true });
  stops.push(forwarder.stop);
  return { url: forwarder.url, services };
}

async function startReplica(
  name: ProcessName,
  options: { port?: number; env?: NodeJS.ProcessEnv },
): Promise<StackService> {
  const replica = await shop.stack.startReplica(name, options);
  stops.push(replica.stop);
  return replica;
}

/** Each service restarts while others call it. */
export function testRestarts(openedShop: () => Shop): void {
  beforeAll(async () => {
    shop = openedShop();
    customer = await registerCustomer(shop.anonymous);
    productId = await shop.newProduct({ initialStock: 100_000 });
  });
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  test('no read is lost while the only replica of a subgraph restarts', async () => {
    const query = `query ($id: ID!) { product(id: $id) { name availableQuantity } }`;
    const client = graphqlClient(`${(await startReplica('gateway', { env: patience })).url}/graphql`);
    const reads = startLoad(() => client.execute(query, { id: productId }));
    for (let round = 0; round < ROUNDS; round += 1) {
      await untilFurtherAnswers(reads);
      await restart(shop.stack.service('product'));
    }
    await untilFurtherAnswers(reads);
    const { answers, failures } = await reads.stop();
    expect(failures).toEqual([]);
    expect(answers).toBeGreaterThan(20 * (ROUNDS + 1));
  });

  test('no read and no order is lost while two replicas of each service restart in turn', async () => {
    const pairs = [];
    for (const name of restarted) pairs.push(await startPair(name));
    const urls = { ...patience, ...Object.fromEntries(pairs.map(({ name, url }) => [nameVariables(name).url, url])) };
    const gateway = isLong
      ? await startGateways(urls)
      : { ...(await startReplica('gateway', { env: urls })), services: [] };

    const client = graphqlClient(`${gateway.url}/graphql`, customer.accessToken);
    const reads = startLoad(() =>
      client.execute(`{ me { name orders(first: 1) { nodes { number status items { product { name } } } } } }`),
    );
    const writes = startLoad(async () => {
      const items = [{ productId, quantity: 1 }];
      const input = { items, shippingAddress: address, idempotencyKey: randomUUID() };
      const answer = await client.execute(PlaceOrder, { input });
      expect(answer.data?.placeOrder.__typename ?? 'PlaceOrderSuccess').toBe('PlaceOrderSuccess');
      return answer;
    });
    for (const service of [...pairs, gateway].flatMap(({ services }) => services)) {
      await untilFurtherAnswers(writes);
      await restart(service);
    }
    await untilFurtherAnswers(writes);
    const [read, written] = [await reads.stop(), await writes.stop()];
    expect([...read.failures, ...written.failures]).toEqual([]);
    // A write that was sent again made no second order.
    const { me } = await client.request<{ me: { orders: { totalCount: number } } }>(`{ me { orders { totalCount } } }`);
    expect(me.orders.totalCount).toBe(written.answers);
  }, 1_800_000);
}
