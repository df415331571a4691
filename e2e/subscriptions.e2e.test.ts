import { randomUUID } from 'node:crypto';
import { CancelOrder, Login, RevokeAllSessions } from '@shop/client';
import { eventually } from '@shop/testing';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { openSharedShop, password, placeOrder, registerCustomer, requireMember, type SharedShop } from './shop.ts';

let shop: SharedShop;
let url: string;
beforeAll(async () => {
  shop = await openSharedShop();
  url = shop.system.graphqlUrl;
});

const watchOrder = 'subscription Watch($id: ID!) { orderUpdated(id: $id) { id status customer { name } } }';

/** Subscribes over HTTP, and collects the text of the body until it is left. */
async function subscribe(accept: string, body: object, token?: string) {
  const left = new AbortController();
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      accept,
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
    signal: left.signal,
  });
  const seen = { status: response.status, text: '', hasEnded: false };
  const read = async (): Promise<void> => {
    for await (const chunk of response.body ?? []) seen.text += Buffer.from(chunk as Uint8Array).toString();
    seen.hasEnded = true;
  };
  void read().catch(() => undefined);
  return { seen, leave: () => left.abort() };
}

test.each(['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0'])(
  'a customer sees each state of their order as %s',
  async (accept) => {
    const customer = await registerCustomer(shop.anonymous);
    const product = await shop.newProduct({ sku: randomUUID(), initialStock: 5 });
    const { order } = await placeOrder(customer.client, [[product, 1]]);
    const body = { query: watchOrder, variables: { id: order.id } };
    const { seen, leave } = await subscribe(accept, body, customer.accessToken);
    expect(seen.status).toBe(200);
    await eventually(() => expect(seen.text).toContain('"status":"RESERVED"'));
    await customer.client.request(CancelOrder, { input: { orderId: order.id } });
    await eventually(() => expect(seen.text).toContain('"status":"CANCELLED"'));
    leave();
  },
);

test('an order of somebody else cannot be watched, and nobody watches one without signing in', async () => {
  const [owner, other] = [await registerCustomer(shop.anonymous), await registerCustomer(shop.anonymous)];
  const product = await shop.newProduct({ initialStock: 5 });
  const { order } = await placeOrder(owner.client, [[product, 1]]);
  const body = { query: watchOrder, variables: { id: order.id } };
  const byOther = await subscribe('text/event-stream', body, other.accessToken);
  await eventually(() => expect(byOther.seen.text).toContain('NOT_FOUND'));
  expect(byOther.seen.text).not.toContain('RESERVED');
  byOther.leave();
  const byNobody = await subscribe('text/event-stream', body);
  await eventually(() => expect(byNobody.seen.text).toContain('UNAUTHENTICATED'));
  expect(byNobody.seen.text).not.toContain('event: next');
  byNobody.leave();
});

test('over WebSocket, a stream starts with the state now, and ends with its session', async () => {
  const customer = await registerCustomer(shop.anonymous);
  const product = await shop.newProduct({ initialStock: 5 });
  const { order } = await placeOrder(customer.client, [[product, 1]]);
  const closes: [number, string][] = [];
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { Authorization: `Bearer ${customer.accessToken}` },
    shouldRetry: () => false,
    on: { closed: (event) => closes.push([(event as { code: number }).code, (event as { reason: string }).reason]) },
  });
  const statuses: string[] = [];
  const ended = new Promise((resolve) =>
    client.subscribe<{ orderUpdated: { status: string } }>(
      { query: watchOrder, variables: { id: order.id } },
      {
        next: ({ data }) => statuses.push(String(data?.orderUpdated.status)),
        error: resolve,
        complete: () => resolve(undefined),
      },
    ),
  );
  await eventually(() => expect(statuses.at(-1)).toBe('RESERVED'));
  // Another session of the customer ends this one.
  const { login } = await shop.anonymous.request(Login, { input: { email: customer.email, password } });
  const other = shop.anonymous.as(requireMember(login, 'LoginSuccess').tokens.accessToken);
  await other.request(RevokeAllSessions, {});
  await ended;
  expect(closes).toEqual([[4403, expect.stringContaining('revoked')]]);
  await client.dispose();
});

test('anybody watches the stock of products, with each client on its own', async () => {
  const product = await shop.newProduct({ initialStock: 5 });
  const query = 'subscription Stock($ids: [ID!]!) { stockChanged(productIds: $ids) { id availableQuantity } }';
  const watches = await Promise.all(
    [1, 2].map(() => subscribe('text/event-stream', { query, variables: { ids: [product] } })),
  );
  for (const { seen } of watches) await eventually(() => expect(seen.text).toContain('"availableQuantity":5'));
  await placeOrder(await shop.newCustomer(), [[product, 2]]);
  for (const { seen } of watches) await eventually(() => expect(seen.text).toContain('"availableQuantity":3'));
  for (const { leave } of watches) leave();
});
