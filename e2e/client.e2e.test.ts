import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  AdjustStock,
  createShopClient,
  expectSuccess,
  ListOrders,
  Me,
  memoryTokens,
  MyOrders,
  OrdersUpdated,
  OrderUpdated,
  paginate,
  PayOrder,
  PlaceOrder,
  RevokeAllSessions,
  SessionEndedError,
  signIn,
  signOut,
  signUp,
  StockChanged,
  type ShopClient,
  type Tokens,
  type TokenStore,
} from '@shop/client';
import { address, openSharedShop, type SharedShop } from './shop.ts';

let running: SharedShop;
let url: string;
beforeAll(async () => {
  running = await openSharedShop();
  url = running.system.graphqlUrl;
});

/** Runs a program of `dist/` and returns its output. @throws when the program fails */
function run(program: string, env: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`dist/examples/${program}.js`, url], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${program} ended with ${code}:\n${output}`)),
    );
  });
}

async function signedUp(tokens: TokenStore = memoryTokens()): Promise<ShopClient> {
  const shop = createShopClient({ url, tokens });
  expectSuccess(
    await signUp(shop, { email: `${randomUUID()}@example.com`, password: 'correct horse battery staple', name: 'Ada' }),
  );
  return shop;
}

describe('examples', () => {
  test('the customer example completes', async () => {
    const output = await run('shop-session');
    expect(output).toMatch(/^placed +\S+, PENDING, \$/m);
    expect(output).toMatch(/^repeated +the same order$/m);
    expect(output).toMatch(/^stock +RESERVED$/m);
    expect(output).toMatch(/^paid +PAID, /m);
    expect(output).toMatch(/^history +PLACED → RESERVED → PAID → CANCELLED$/m);
    expect(output).toMatch(/^my order +\S+: 2 × /m);
    expect(output).toMatch(/^password +changed$/m);
    expect(output).toMatch(/^sessions +1 open$/m);
    expect(output).toMatch(/^signed out +yes$/m);
  });

  test('the administrator example completes', async () => {
    const { email, password } = running.system.admin;
    const output = await run('back-office-session', { ADMIN_EMAIL: email, ADMIN_PASSWORD: password });
    expect(output).toMatch(/^the same SKU +POT-\w+ is taken$/m);
    expect(output).toMatch(/^once more +VERSION_CONFLICT: /m);
    expect(output).toMatch(/^delivery +10 on hand$/m);
    expect(output).toMatch(/^too many +10 can be taken away$/m);
    expect(output).toMatch(/^staff +grace-\w+@example.com$/m);
    expect(output).toMatch(/^deactivated +yes$/m);
    expect(output).toMatch(/^history +PLACED → RESERVED → PAID → PROCESSING → SHIPPED → REFUNDED$/m);
    expect(output).toMatch(/^signed out +yes$/m);
  });

  test('the administrator example reports a wrong password', async () => {
    await expect(run('back-office-session', { ADMIN_PASSWORD: 'wrong' })).rejects.toThrow(
      /ended with 1:\n.*cannot sign in/,
    );
  });
});

describe('sessions', () => {
  test('a session refreshes its tokens, also for parallel requests, and ends when it is revoked', async () => {
    const store = memoryTokens();
    const shop = createShopClient({ url, tokens: store });
    const email = `${randomUUID()}@example.com`;
    expectSuccess(await signUp(shop, { email, password: 'correct horse battery staple', name: 'Ada' }));
    const first = (await store.load())!;

    // The gateway rejects the access token, as it does after 15 minutes.
    await store.save({ ...first, accessToken: broken(first) });
    const answers = await Promise.all(Array.from({ length: 10 }, () => shop.request(Me)));
    expect(new Set(answers.map(({ me }) => me?.email))).toEqual(new Set([email]));
    const second = (await store.load())!;
    expect(second.refreshToken).not.toBe(first.refreshToken);

    // A second use of a refresh token ends the session. This is how a stolen token is detected.
    await store.save({ ...first, accessToken: broken(first) });
    await expect(shop.request(Me)).rejects.toThrow(SessionEndedError);
    expect(await store.load()).toBeNull();
  });

  test('a session belongs to its customer until they sign out', async () => {
    const shop = createShopClient({ url });
    expect(await signIn(shop, { email: 'nobody@example.com', password: 'correct horse battery staple' })).toMatchObject(
      { __typename: 'InvalidCredentials' },
    );
    expectSuccess(await signIn(shop, running.system.admin));
    expect((await shop.request(Me)).me?.role).toBe('ADMIN');
    await signOut(shop);
    expect((await shop.request(Me)).me).toBeNull();
  });

  /** A token of the same session with an invalid signature. */
  const broken = ({ accessToken }: Tokens) => `${accessToken.split('.').slice(0, 2).join('.')}.AAAA`;
});

test('an order is placed once when its answer is lost', async () => {
  const tokens = memoryTokens();
  const customer = await signedUp(tokens);
  let answers = 0;
  const shop = createShopClient({
    url,
    tokens,
    retry: { firstMs: 10 },
    fetch: async (...args) => {
      const answer = await fetch(...args);
      if ((answers += 1) <= 2) throw new TypeError('the connection was cut');
      return answer;
    },
  });
  const productId = await running.newProduct();
  const { placeOrder } = await shop.request(PlaceOrder, {
    input: { items: [{ productId, quantity: 1 }], shippingAddress: address },
  });
  const { order } = expectSuccess(placeOrder);
  const { me } = await customer.request(MyOrders, { first: 10 });
  expect(me?.orders?.nodes.map(({ id }) => id)).toEqual([order.id]);
  expect(answers).toBe(3);
});

describe('subscriptions', () => {
  async function place(customer: ShopClient, productId: string): Promise<string> {
    const { placeOrder } = await customer.request(PlaceOrder, {
      input: { items: [{ productId, quantity: 1 }], shippingAddress: address },
    });
    return expectSuccess(placeOrder).order.id;
  }

  test('a customer sees the order being reserved and paid', async () => {
    const customer = await signedUp();
    const id = await place(customer, await running.newProduct());
    const statuses: string[] = [];
    for await (const { orderUpdated } of customer.subscribe(OrderUpdated, { id }, limited())) {
      const { status } = orderUpdated;
      statuses.push(status);
      if (status === 'RESERVED')
        expectSuccess(
          (await customer.request(PayOrder, { input: { orderId: id, paymentToken: 'tok_visa' } })).payOrder,
        );
      if (status === 'PAID') break;
    }
    expect(statuses.filter((status, index) => status !== statuses[index - 1])).toEqual(
      // The first message may already show the reservation.
      statuses[0] === 'PENDING' ? ['PENDING', 'RESERVED', 'PAID'] : ['RESERVED', 'PAID'],
    );
  });

  test('a visitor sees the stock of a product fall', async () => {
    const productId = await running.newProduct();
    const visitor = createShopClient({ url });
    const messages = visitor.subscribe(StockChanged, { productIds: [productId] }, limited());
    const first = await messages.next();
    const available = first.value?.stockChanged.availableQuantity ?? 0;
    await place(await signedUp(), productId);
    expect((await messages.next()).value?.stockChanged).toMatchObject({
      id: productId,
      availableQuantity: available - 1,
    });
    await messages.return();
  });

  test('an order that the customer may not see is not found, and the orders of everybody are forbidden', async () => {
    const id = await place(await signedUp(), await running.newProduct());
    const other = await signedUp();
    await expect(other.subscribe(OrderUpdated, { id }, limited()).next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(other.subscribe(OrdersUpdated, {}, limited()).next()).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('a customer whose session is revoked sees no more of the order', async () => {
    const account = { email: `${randomUUID()}@example.com`, password: 'correct horse battery staple' };
    const customer = createShopClient({ url });
    expectSuccess(await signUp(customer, { ...account, name: 'Ada' }));
    const id = await place(customer, await running.newProduct());
    const messages = customer.subscribe(OrderUpdated, { id }, limited());
    await messages.next();
    const otherDevice = createShopClient({ url });
    expectSuccess(await signIn(otherDevice, account));
    expectSuccess((await otherDevice.request(RevokeAllSessions)).revokeAllSessions);
    const rest = async () => {
      for await (const _message of messages);
    };
    await expect(rest()).rejects.toThrow(SessionEndedError);
  });

  const limited = () => ({ signal: AbortSignal.timeout(60_000) });
});

test('pagination reaches the end of a list in both directions', async () => {
  const customer = await signedUp();
  const productId = await running.newProduct();
  const placed: string[] = [];
  for (let index = 0; index < 5; index += 1) {
    const { placeOrder } = await customer.request(PlaceOrder, {
      input: { items: [{ productId, quantity: 1 }], shippingAddress: address },
    });
    placed.unshift(expectSuccess(placeOrder).order.id);
  }
  const walk = async (direction: 'forward' | 'backward') => {
    const ids: string[] = [];
    for await (const { id } of paginate(customer, MyOrders, {
      connection: (data) => data.me?.orders,
      pageSize: 2,
      direction,
    }))
      ids.push(id);
    return ids;
  };
  expect(await walk('forward')).toEqual(placed);
  expect(await walk('backward')).toEqual([...placed].reverse());
});

test('a forbidden operation is an error with a code and a path', async () => {
  const customer = await signedUp();
  await expect(
    customer.request(AdjustStock, { input: { productId: await running.newProduct(), delta: 1, reason: 'x' } }),
  ).rejects.toMatchObject({
    name: 'GraphqlError',
    code: 'FORBIDDEN',
    path: ['adjustStock'],
  });
  expect(await customer.execute(ListOrders)).toMatchObject({
    data: null,
    errors: [{ code: 'FORBIDDEN', path: ['orders'] }],
  });
});
