import { expectSuccess, Login, Register } from '@shop/client';
import { startTestStack, type GraphqlClient } from '@shop/testing';
import { loadCatalogue } from '../catalogue/load-catalogue.ts';
import { listProcesses, readCpuTimes } from '../orders/cpu-times.ts';
import { openOrderRecords } from '../orders/order-records.ts';
import { graphqlStep, type Step } from './sequence.ts';
import { emailOf, listStarts, password, type Contents, type Line, type Shop } from './shop.ts';

const unlimited = '1000000/3600';

/** Production mode, without the limits that a few customers with many requests would reach. */
const env = {
  NODE_ENV: 'production',
  LOG_LEVEL: 'warn',
  RATE_LIMIT_POINTS: '0',
  THROTTLE_ACCOUNT_FROM_ADDRESS: unlimited,
  THROTTLE_ADDRESS: unlimited,
  THROTTLE_REGISTRATION: unlimited,
  ORDER_LIMIT_OPEN_ORDERS: '0',
  ORDER_LIMIT_UNITS_OF_PRODUCT: '0',
  ORDER_LIMIT_RESERVED_VALUE: '*:0',
  // No order of an early round expires in a later one.
  RESERVATION_SECONDS: '86400',
};

const FIELDS = 'id name price { amount currencyCode } category { slug name } availableQuantity';

const list = graphqlStep(
  '/graphql',
  {
    query: `query List($after: String) { products(first: 20, after: $after) { nodes { ${FIELDS} } } }`,
    variables: { after: '<<cursor>>' },
  },
  { expected: '"availableQuantity"' },
);

const product = graphqlStep(
  '/graphql',
  {
    query: `query ProductById($id: ID!) { product(id: $id) { ${FIELDS} description } }`,
    variables: { id: '<<product>>' },
  },
  { expected: '"availableQuantity"' },
);

const placing: Step = graphqlStep(
  '/graphql',
  {
    query: `mutation PlaceOrder($input: PlaceOrderInput!) {
      placeOrder(input: $input) {
        __typename
        ... on PlaceOrderSuccess { order { id number status total { amount currencyCode } } }
        ... on UserError { code message }
      }
    }`,
    variables: {
      input: {
        items: [{ productId: '<<product>>', quantity: 1 }],
        shippingAddress: { street: '1 Main Street', city: 'Springfield', postalCode: '12345', country: 'US' },
        idempotencyKey: '<<key>>',
      },
    },
  },
  { expected: '"PlaceOrderSuccess"', kept: { order: '"id":"([0-9a-f-]+)"' } },
);

/** Asks until the stock is reserved: an order that is still PENDING cannot be paid. */
const waiting = graphqlStep(
  '/graphql',
  { query: 'query Status($id: ID!) { order(id: $id) { status } }', variables: { id: '<<order>>' } },
  { expected: '"RESERVED"', repeated: { when: '"PENDING"', pauseMs: 50 } },
);

const paying = graphqlStep(
  '/graphql',
  {
    query: `mutation PayOrder($input: PayOrderInput!) {
      payOrder(input: $input) {
        __typename
        ... on PayOrderSuccess { order { id status } payment { status } }
        ... on UserError { code message }
      }
    }`,
    variables: { input: { orderId: '<<order>>', paymentToken: 'tok_visa', idempotencyKey: '<<key>>' } },
  },
  { expected: '"PayOrderSuccess"' },
);

/** This project: the whole system as `npm start` runs it, in production mode. */
export async function startOurs({ products: count, customers }: Contents): Promise<Shop> {
  const system = await startTestStack({ env });
  const ends = [system.stop];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const { stack, anonymous } = system;
    const products = (await loadCatalogue(system, count)).map(({ id }) => id);
    const emails = Array.from({ length: customers }, (_, customer) => emailOf(customer));
    for (const email of emails)
      expectSuccess((await anonymous.request(Register, { input: { email, password, name: 'Ada' } })).register);
    const withoutCache = await stack.startReplica('gateway', { env: { CACHE_BYTES: '0' } });
    const records = await openOrderRecords(system);
    ends.push(records.close);

    const readCpuWith = (gateway: number | null) => () =>
      readCpuTimes({ ...listProcesses(stack), gateway }, stack.postgres?.pid ?? null);
    const common = {
      origin: new URL(stack.graphqlUrl).origin,
      values: { product: products, cursor: await readCursors(anonymous, count) },
      readCpu: readCpuWith(stack.service('gateway').pid),
    };
    const uncached = { ...common, origin: withoutCache.url, readCpu: readCpuWith(withoutCache.pid) };
    // Access tokens are valid for 15 minutes, which is less than all rounds take.
    const headersOfClients = async () => {
      const headers: Record<string, string>[] = [];
      for (const email of emails) {
        const { login } = await anonymous.request(Login, { input: { email, password } });
        headers.push({ authorization: `Bearer ${expectSuccess(login).tokens.accessToken}` });
      }
      return headers;
    };
    const untilQuiet = async (): Promise<void> => {
      await records.untilCarried();
      await records.untilTold();
    };
    const lines: Line[] = [
      // The first line of a table is what the others are compared with. They keep no answers, so it is the one without a cache.
      { ...uncached, row: 'list', label: 'this project, no cache', steps: [list] },
      { ...common, row: 'list', label: 'this project', steps: [list] },
      { ...uncached, row: 'product', label: 'this project, no cache', steps: [product] },
      { ...common, row: 'product', label: 'this project', steps: [product] },
      {
        ...common,
        row: 'order',
        label: 'this project, until RESERVED',
        steps: [placing],
        headersOfClients,
        finish: async ({ done, startedAt }, keyPrefix) => {
          await untilQuiet();
          const { until, p50, p99 } = await records.read(keyPrefix, done);
          return { milliseconds: until - startedAt, p50, p99 };
        },
      },
      {
        ...common,
        row: 'order',
        label: 'this project, until PAID',
        steps: [placing, waiting, paying],
        headersOfClients,
        finish: async () => {
          await untilQuiet();
          return {};
        },
      },
    ];
    return { lines, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The cursors after which the lists begin. */
async function readCursors(client: GraphqlClient, count: number): Promise<string[]> {
  const cursors: string[] = [];
  for (const _start of listStarts(count)) {
    const { products } = await client.request<{ products: { pageInfo: { endCursor: string } } }>(
      'query Cursor($after: String) { products(first: 20, after: $after) { pageInfo { endCursor } } }',
      { after: cursors.at(-1) ?? null },
    );
    cursors.push(products.pageInfo.endCursor);
  }
  return cursors;
}
