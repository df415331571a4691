import { createShopClient, type ShopClientOptions, type TypedNode, type TypedText } from '@shop/client';
import { parse } from 'graphql';
import { data, startServer, type Reply, type TestServer } from './server.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function open(reply: (seen: number) => Reply, options: Partial<ShopClientOptions> = {}) {
  server = await startServer((_request, seen) => reply(seen.length));
  return { server, shop: createShopClient({ url: server.url, retry: { firstMs: 1 }, ...options }) };
}

/** A document of the client preset with `documentMode: 'string'`. */
class Text<Data, Variables> extends String implements TypedText<Data, Variables> {
  declare readonly __apiType?: (variables: Variables) => Data;
  readonly __meta__?: Record<string, unknown> | undefined;
  constructor(text: string, meta?: Record<string, unknown>) {
    super(text);
    this.__meta__ = meta;
  }
}

const query = 'query Cup($id: ID!) { product(id: $id) { name } }';
type Cup = { readonly product: { readonly name: string } | null };
const node = parse(query) as TypedNode<Cup, { id: string }>;
const text = new Text<Cup, { id: string }>(query);
const cup = data({ product: { name: 'Cup' } });

test.each([
  ['a parsed document', node],
  ['a text', text],
])('%s is sent with its name and variables', async (_what, document) => {
  const { server, shop } = await open(() => cup);
  for (let n = 0; n < 2; n += 1) {
    const { product } = await shop.request(document, { id: 'p' });
    expect(product?.name).toBe('Cup');
  }
  expect(server.of('Cup')).toHaveLength(2);
  const [first] = server.seen;
  expect(first?.variables).toEqual({ id: 'p' });
  expect(String(first?.body['query']).replaceAll(/\s+/g, ' ')).toBe(query);
});

test('a mutation is repeated when its input has an idempotency key, and it has one field', async () => {
  const away: Reply = { status: 503, text: '' };
  const pay = 'mutation Pay($input: PayOrderInput!) { payOrder(input: $input) { __typename } }';
  const both =
    'mutation Both($input: PayOrderInput!) { a: payOrder(input: $input) { __typename } b: logout { __typename } }';
  const keyed = { input: { orderId: 'o', paymentToken: 't', idempotencyKey: 'k' } };
  const send = async (document: string, variables: object) => {
    const { server, shop } = await open((seen) => (seen === 1 ? away : data({ payOrder: { __typename: 'X' } })));
    const answered = await shop.request(new Text<object, object>(document), variables).then(
      () => 'answered',
      () => 'failed',
    );
    const count = server.seen.length;
    await server.close();
    return [answered, count];
  };
  expect(await send(pay, keyed)).toEqual(['answered', 2]);
  expect(await send(pay, { input: { orderId: 'o', paymentToken: 't' } })).toEqual(['failed', 1]);
  expect(await send(both, keyed)).toEqual(['failed', 1]);
});

test('with persistedOnly a text is sent as its hash', async () => {
  const { server, shop } = await open(() => cup, { persistedOnly: true });
  const hash = 'a'.repeat(64);
  await shop.request(new Text<Cup, { id: string }>(query, { hash: `sha256:${hash}` }), { id: 'p' });
  expect(server.seen[0]?.body).toMatchObject({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } });
  expect(server.seen[0]?.body['query']).toBeUndefined();
  await expect(shop.request(text, { id: 'p' })).rejects.toThrow('With persistedOnly, Cup needs its id.');
});

test.each([
  ['fragment F on Product { id }', 'A request sends one operation, and this document has 0.'],
  ['query A { me { id } } query B { me { id } }', 'A request sends one operation, and this document has 2.'],
  ['subscription S { orderUpdated(id: 1) { id } }', 'A request sends a query or a mutation.'],
])('%s is refused', async (document, message) => {
  const { server, shop } = await open(() => cup);
  await expect(shop.request(new Text<object, object>(document), {})).rejects.toThrow(message);
  expect(server.seen).toEqual([]);
});
