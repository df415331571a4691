import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { PlaceOrder } from '@shop/client';
import { serviceNames } from '@shop/contracts';
import {
  canMountSmallDisks,
  eventually,
  mountSmallDisk,
  type GraphqlClient,
  type GraphqlError,
  type SmallDisk,
} from '@shop/testing';
import { Pool } from 'pg';
import { address, openShop, placeOrder, readOrder, registerCustomer, untilStatus, type Shop } from './shop.ts';

const canMount = canMountSmallDisks();
const onSmallDisk = canMount ? test : test.skip;
const suffix = canMount ? '' : ' (skipped: no small disk can be mounted)';

let disk: SmallDisk;
let shop: Shop;
let customer: GraphqlClient;
let accessToken: string;
let product: string;

beforeAll(async () => {
  if (!canMount) return;
  disk = await mountSmallDisk({ megabytes: 400 });
  shop = await openShop({ dataDir: path.join(disk.path, 'data') });
  ({ client: customer, accessToken } = await registerCustomer(shop.anonymous));
  product = await shop.newProduct({ initialStock: 100_000 });
});
afterAll(async () => {
  await shop?.stop();
  await disk?.remove();
});

/** The pids of all services. A service that died and was restarted has another one. */
const pids = () => [...serviceNames, 'gateway' as const].map((name) => shop.stack.service(name).pid);

async function readHealth() {
  const answer = await fetch(new URL('/health', shop.stack.graphqlUrl));
  return (await answer.json()) as { status: string; subgraphs: Record<string, { away?: readonly string[] }> };
}

/** Sends an order. Returns its id, or the code of the error. The answer must have the request id. */
async function tryToOrder() {
  const input = {
    items: [{ productId: product, quantity: 1 }],
    shippingAddress: { ...address, street: 'x'.repeat(200) },
    idempotencyKey: randomUUID(),
  };
  const requestId = randomUUID();
  const answer = await fetch(shop.stack.graphqlUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${accessToken}`,
      'x-request-id': requestId,
    },
    body: JSON.stringify({ query: PlaceOrder.body, variables: { input } }),
  });
  expect(answer.headers.get('x-request-id')).toBe(requestId);
  const { data, errors } = (await answer.json()) as {
    data?: { placeOrder: { order: { id: string } } | null } | null;
    errors?: readonly GraphqlError[];
  };
  const id = data?.placeOrder?.order.id;
  return id === undefined ? { code: errors?.[0]?.extensions?.['code'] } : { id };
}

async function countDeadLetters(): Promise<number> {
  let count = 0;
  for (const name of serviceNames) {
    const pool = new Pool({ connectionString: shop.stack.databaseUrl(name) });
    count +=
      (await pool.query<{ count: number }>('SELECT count(*)::int AS count FROM dead_letters')).rows[0]?.count ?? 0;
    await pool.end();
  }
  return count;
}

/** Checks that orders are accepted and reserved again, within seconds, and that nothing was lost or restarted. */
async function expectRecovery(accepted: readonly string[], pidsBefore: readonly unknown[]): Promise<void> {
  await eventually(async () => {
    const { order } = await placeOrder(customer, [[product, 1]]);
    await untilStatus(customer, order.id, 'RESERVED');
  });
  for (const id of accepted) await untilStatus(customer, id, 'RESERVED');
  await eventually(async () => expect(await readHealth()).toMatchObject({ status: 'ok' }));
  expect(await countDeadLetters()).toBe(0);
  expect(pids()).toEqual(pidsBefore);
}

onSmallDisk(`while the disk is full, orders are refused for now and reads are answered${suffix}`, async () => {
  const before = await placeOrder(customer, [[product, 1]]);
  await untilStatus(customer, before.order.id, 'RESERVED');
  await eventually(async () => expect(await readHealth()).toMatchObject({ status: 'ok' }));
  const pidsBefore = pids();

  await disk.fill();
  // The last pages of the tables still have room for some orders.
  const accepted: string[] = [];
  const refused: { code: unknown }[] = [];
  await eventually(async () => {
    const outcome = await tryToOrder();
    if (outcome.id !== undefined) accepted.push(outcome.id);
    else refused.push(outcome);
    expect(refused.length).toBeGreaterThanOrEqual(10);
  });
  expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['SERVICE_UNAVAILABLE']));
  const away = { status: 'up', away: expect.arrayContaining(['databaseWrites']) as unknown };
  // On a busy machine a probe may be late, and its service counts as down.
  await eventually(async () =>
    expect(await readHealth()).toMatchObject({
      status: 'degraded',
      subgraphs: { user: away, product: away, order: away },
    }),
  );
  expect(await readOrder(customer, before.order.id)).toMatchObject({ status: 'RESERVED' });

  await disk.free();
  await expectRecovery(accepted, pidsBefore);
});

onSmallDisk(`a database that crashes on a full disk restarts once there is space${suffix}`, async () => {
  const pidsBefore = pids();
  await disk.fill();
  const pool = new Pool({ connectionString: shop.stack.databaseUrl('order') });
  pool.on('error', () => {});
  // More than fits into the write-ahead log: PostgreSQL panics when it cannot extend that.
  await expect(pool.query(`SELECT pg_logical_emit_message(true, 'full', repeat('x', 100000000))`)).rejects.toThrow();
  await pool.end().catch(() => {});
  await eventually(async () => expect(await tryToOrder()).toMatchObject({ code: 'SERVICE_UNAVAILABLE' }));

  await disk.free();
  await expectRecovery([], pidsBefore);
});
