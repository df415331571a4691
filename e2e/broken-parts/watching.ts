import { CancelOrder, PayOrder, type OrderStatus } from '@shop/client';
import { eventually } from '@shop/testing';
import { createClient, type Client } from 'graphql-ws';
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { databasesOf } from '../faults/checks/databases.ts';
import { placeOrder, registerCustomer, type RegisteredCustomer, type Shop } from '../shop.ts';

const size = { customers: 5, ordersEach: 10, watchersEach: 4 };

const document = 'subscription Watched($id: ID!) { orderUpdated(id: $id) { id status version } }';

interface State {
  readonly id: string;
  readonly status: OrderStatus;
  readonly version: number;
}

/** A client that watches one order over a socket of its own, and connects again whenever it is cut off. */
class Watcher {
  readonly orderId: string;
  /** The versions of each connection, in the order of their messages. */
  readonly versions: number[][] = [];
  last: State | undefined;
  failure: unknown;
  readonly #client: Client;

  constructor(url: string, orderId: string, accessToken: string) {
    this.orderId = orderId;
    this.#client = createClient({
      url,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${accessToken}` },
      retryAttempts: Infinity,
      shouldRetry: () => true,
      retryWait: () => new Promise((resolve) => void setTimeout(resolve, 100 + Math.random() * 400)),
      on: { connected: () => void this.versions.push([]) },
    });
    this.#client.subscribe<{ orderUpdated: State }>(
      { query: document, variables: { id: orderId } },
      {
        next: ({ data }) => {
          if (data == null) return; // a service was away for long
          this.last = data.orderUpdated;
          this.versions.at(-1)?.push(data.orderUpdated.version);
        },
        error: (error) => (this.failure = error),
        complete: () => {},
      },
    );
  }

  /** A message of a connection is newer than the one before, and the first one of a connection is not older. */
  get isInOrder(): boolean {
    return (
      this.versions.every((versions) =>
        versions.every((version, index) => index === 0 || version > (versions[index - 1] ?? 0)),
      ) && this.versions.flat().every((version, index, all) => index === 0 || version >= (all[index - 1] ?? 0))
    );
  }

  stop = () => this.#client.dispose();
}

/** Clients watch orders while the processes behind them are killed. */
export function testWatching(openedShop: () => Shop): void {
  let shop: Shop;
  let watchers: Watcher[] = [];
  beforeAll(() => void (shop = openedShop()));
  afterAll(async () => {
    for (const watcher of watchers) await watcher.stop();
  });

  async function kill(name: 'gateway' | 'order' | 'product'): Promise<void> {
    const service = shop.stack.service(name);
    const { pid } = service;
    service.kill('SIGKILL');
    await eventually(() => expect(service.pid ?? pid).not.toBe(pid));
    await service.untilReady();
  }

  async function killBroker(): Promise<void> {
    shop.stack.nats?.kill('SIGKILL');
    await shop.stack.nats?.stop();
    await shop.stack.nats?.start();
  }

  /** Pays or cancels each order as soon as it can be. Requests that fail while something is killed are sent again. */
  async function finishOrders(
    buyers: readonly { readonly customer: RegisteredCustomer; readonly orders: readonly string[] }[],
  ) {
    const work = buyers.flatMap(({ customer: { client }, orders }) =>
      orders.map((orderId, index) => async () => {
        const idempotencyKey = randomUUID();
        await eventually(async () => {
          const { __typename } =
            index % 2 === 0
              ? (await client.request(PayOrder, { input: { orderId, paymentToken: 'tok_visa', idempotencyKey } }))
                  .payOrder
              : (await client.request(CancelOrder, { input: { orderId } })).cancelOrder;
          // A cancellation whose answer was lost cannot be repeated.
          expect([
            'PayOrderSuccess',
            'CancelOrderSuccess',
            ...(index % 2 === 0 ? [] : ['InvalidTransition']),
          ]).toContain(__typename);
        });
      }),
    );
    const next = async (): Promise<void> => {
      for (let job = work.shift(); job !== undefined; job = work.shift()) await job();
    };
    await Promise.all([next(), next(), next(), next()]);
  }

  test('200 clients that watch 50 orders never go back, and end with the state of the database, whatever is killed', async () => {
    const product = await shop.newProduct({ initialStock: 1_000 });
    const buyers = await Promise.all(
      Array.from({ length: size.customers }, async () => {
        const customer = await registerCustomer(shop.anonymous);
        const orders: string[] = [];
        while (orders.length < size.ordersEach)
          orders.push((await placeOrder(customer.client, [[product, 1]])).order.id);
        return { customer, orders };
      }),
    );
    const url = `${shop.stack.service('gateway').url.replace('http', 'ws')}/graphql`;
    watchers = buyers.flatMap(({ customer, orders }) =>
      orders.flatMap((id) =>
        Array.from({ length: size.watchersEach }, () => new Watcher(url, id, customer.accessToken)),
      ),
    );
    expect(watchers).toHaveLength(200);
    await eventually(() => expect(watchers.filter(({ last }) => last === undefined)).toEqual([]));

    const finishing = finishOrders(buyers);
    await kill('order');
    await killBroker();
    await kill('gateway');
    await kill('product');
    await finishing;

    const ids = buyers.flatMap(({ orders }) => orders);
    await eventually(async () => {
      const rows = await databasesOf(shop.stack).query<State>(
        'order',
        'SELECT id, status, version FROM orders WHERE id = ANY ($1::uuid[])',
        [ids],
      );
      const states = new Map(rows.map((row) => [row.id, row]));
      expect(watchers.filter(({ orderId, last }) => last?.version !== states.get(orderId)?.version)).toEqual([]);
      expect(watchers.map(({ last }) => last)).toEqual(watchers.map(({ orderId }) => states.get(orderId)));
      // Nothing changes any more.
      expect([...new Set(rows.map(({ status }) => status))].sort()).toEqual(['CANCELLED', 'PAID']);
    });
    expect(watchers.filter(({ isInOrder }) => !isInOrder).map(({ versions }) => versions)).toEqual([]);
    expect(watchers.filter(({ failure }) => failure !== undefined)).toEqual([]);
    // All were cut off with the gateway.
    expect(Math.min(...watchers.map(({ versions }) => versions.length))).toBeGreaterThan(1);
  });
}
