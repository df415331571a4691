import { randomUUID } from 'node:crypto';
import { Login, Me } from '@shop/client';
import { type ProcessName, rotateAccessTokenKeys } from '@shop/stack';
import { eventually, graphqlClient, type GraphqlClient } from '@shop/testing';
import { whyNotInShortRun } from '@shop/testing/config';
import { databasesOf } from './faults/checks/databases.ts';
import { openReplicatedShop, type ReplicatedShop } from './replicas.ts';
import { password, placeOrder, registerCustomer, requireMember } from './shop.ts';

// Each wait is long, since the machine may be busy with two of everything.
const patience = { timeoutMs: 120_000 };
const ATTEMPTS = 6;

const reason = whyNotInShortRun();
const title = reason === null ? '' : ` (skipped: ${reason})`;
const longTest = reason === null ? test : test.skip;

let shop: ReplicatedShop;
beforeAll(async () => {
  if (reason !== null) return;
  shop = await openReplicatedShop(2, {
    env: {
      RESERVATION_SECONDS: '8',
      THROTTLE_ACCOUNT_FROM_ADDRESS: `${ATTEMPTS}/3600`,
      SUBGRAPH_WAIT_MS: '60000',
      SUBGRAPH_TIMEOUT_MS: '60000',
    },
  });
}, 300_000);
afterAll(() => shop?.stop());

/** A client of one of the two gateways, without a forwarder between. */
function gateway(replica: number, token?: string): GraphqlClient {
  return graphqlClient(`${shop.stack.replicas('gateway')[replica % 2]?.url}/graphql`, token);
}

/** Kills one of two processes, and waits until it is back. */
async function kill(name: ProcessName, replica: number): Promise<void> {
  const process = shop.stack.replicas(name)[replica];
  const { pid } = process ?? {};
  process?.kill('SIGKILL');
  await eventually(() => expect(process?.pid ?? pid).not.toBe(pid), patience);
  await process?.untilReady(patience.timeoutMs);
}

longTest(
  `attempts to sign in are counted together, also over a kill${title}`,
  async () => {
    const { email } = await registerCustomer(gateway(0));
    const signIn = async (attempt: number, given: string) =>
      (await gateway(attempt).request(Login, { input: { email, password: given } })).login.__typename;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (attempt === ATTEMPTS / 2) await kill('user', 0);
      expect(await signIn(attempt, `wrong password ${attempt}`)).toBe('InvalidCredentials');
    }
    await kill('user', 1);
    for (let attempt = 0; attempt < 4; attempt += 1) expect(await signIn(attempt, password)).toBe('TooManyAttempts');
  },
  600_000,
);

longTest(
  `keys rotate in every process, and no token is refused${title}`,
  async () => {
    const customer = await registerCustomer(gateway(1));
    const [next] = await rotateAccessTokenKeys(shop.stack.secrets.accessTokenKeysFile, { announced: 40, kept: 3_600 });
    for (const { url } of shop.stack.replicas('user'))
      await eventually(async () => {
        const { keys } = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] };
        expect(keys.map(({ kid }) => kid)).toContain(next?.kid);
      }, patience);
    await kill('gateway', 0);
    const kidOf = (token: string) =>
      (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid;
    const check = async (token: string): Promise<void> => {
      for (const replica of [0, 1]) expect((await gateway(replica, token).request(Me, {})).me?.id).toBe(customer.id);
    };
    const newToken = async (): Promise<string> => {
      const { login } = await shop.anonymous.request(Login, { input: { email: customer.email, password } });
      return requireMember(login, 'LoginSuccess').tokens.accessToken;
    };
    // Each token that is issued until the new key signs is accepted by both gateways.
    let token = await newToken();
    const end = Date.now() + patience.timeoutMs;
    for (; kidOf(token) !== next?.kid && Date.now() < end; token = await newToken()) await check(token);
    expect(kidOf(token)).toBe(next?.kid);
    await check(token);
    await check(customer.accessToken);
  },
  600_000,
);

longTest(
  `the timer of each order fires once, also over a kill${title}`,
  async () => {
    const productId = await shop.newProduct({ name: randomUUID(), initialStock: 100 });
    const { client } = await registerCustomer(shop.anonymous);
    const orders: string[] = [];
    for (let index = 0; index < 12; index += 1) orders.push((await placeOrder(client, [[productId, 1]])).order.id);
    await kill('order', 0);
    await kill('product', 1);
    const databases = databasesOf(shop.stack);
    const countExpiries = async (): Promise<number[]> => {
      const rows = await databases.query<{ count: number }>(
        'order',
        `SELECT count(*)::int AS count FROM order_events WHERE order_id = ANY($1::uuid[]) AND to_status = 'EXPIRED' GROUP BY order_id`,
        [orders],
      );
      return rows.map(({ count }) => count);
    };
    await eventually(async () => expect(await countExpiries()).toHaveLength(orders.length), patience);
    await eventually(
      async () => expect(await shop.stockOf(productId)).toMatchObject({ reserved: 0, available: 100 }),
      patience,
    );
    expect(await countExpiries()).toEqual(orders.map(() => 1));
    const released = await databases.query<{ count: number }>(
      'product',
      `SELECT count(*)::int AS count FROM stock_movements WHERE order_id = ANY($1::uuid[]) AND type = 'RELEASED' GROUP BY order_id`,
      [orders],
    );
    expect(released.map(({ count }) => count)).toEqual(orders.map(() => 1));
  },
  600_000,
);
