import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Login, PayOrder, PlaceOrder } from '@shop/client';
import { serviceNames } from '@shop/contracts';
import { createClient } from 'graphql-ws';
import { eventually, outlineTrace, type GraphqlClient, type OtlpReceiver, type ReceivedSpan } from '@shop/testing';
import pg from 'pg';
import { WebSocket } from 'ws';
import { password, registerCustomer, requireMember, untilStatus, type Shop } from '../shop.ts';

let collector: OtlpReceiver;
let shop: Shop;

/** Begins a trace, as a client does that records its own. */
function beginTrace() {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  const headers = {
    traceparent: `00-${traceId}-${spanId}-01`,
    tracestate: 'vendor=planted-tracestate',
    baggage: 'secret=planted-baggage',
  };
  return { traceId, spanId, headers };
}

const address = {
  recipient: 'Planted Recipient',
  street: '77 Planted Street',
  city: 'Plantedville',
  postalCode: 'PL4 NT3',
  country: 'GB',
};

/** Makes a product that the order service knows: an order of one that it does not know asks for it, and has more spans. */
async function newKnownProduct(): Promise<string> {
  const productId = await shop.newProduct();
  const database = new pg.Client({ connectionString: shop.stack.databaseUrl('order') });
  await database.connect();
  try {
    const text = 'SELECT FROM catalogue_products WHERE product_id = $1';
    await eventually(async () => expect(await database.query(text, [productId])).toMatchObject({ rowCount: 1 }));
  } finally {
    await database.end();
  }
  return productId;
}

/** Places an order in a trace of its own. */
async function order(customer: GraphqlClient, productId: string) {
  const { traceId, spanId, headers } = beginTrace();
  const input = { items: [{ productId, quantity: 1 }], shippingAddress: address, idempotencyKey: randomUUID() };
  const { data } = await customer.execute(PlaceOrder, { input }, headers);
  const placed = requireMember(data?.placeOrder, 'PlaceOrderSuccess');
  await untilStatus(customer, placed.order.id, 'RESERVED');
  return { traceId, spanId, orderId: placed.order.id, key: input.idempotencyKey };
}

/** Opens an account. The first call to a subgraph makes the gateway prove its time, so one comes before those that are recorded. */
async function openAccount() {
  const customer = await registerCustomer(shop.anonymous);
  await customer.client.request('{ me { orders { totalCount } } }');
  return customer;
}

const isStatement = ({ attributes }: ReceivedSpan): boolean => 'db.system.name' in attributes;

/** Waits for the outline of a trace, without statements: which ones there are is a matter of each subgraph. */
async function untilOutline(traceId: string, outline: readonly string[]): Promise<void> {
  await eventually(() => {
    const spans = collector.spans.filter((span) => !isStatement(span));
    expect(outlineTrace(spans, traceId)).toEqual(outline);
  });
}

/** The statements below each span of a trace, as `service: span: statement`. */
function listStatements(traceId: string): string[] {
  const own = collector.spans.filter((span) => span.traceId === traceId);
  const byId = new Map(own.map((span) => [span.spanId, span]));
  return own
    .filter(isStatement)
    .map(({ service, parentId, name }) => `${service}: ${byId.get(parentId)?.name}: ${name}`);
}

/** The lines of a mail, from the event to its delivery. */
const mail = (depth: number, event: string, template: string): string[] =>
  [
    `notification: process ${event}`,
    `  notification: send ${template}`,
    '    notification: deliver EMAIL',
    '    notification: record sent messages',
    '    notification: request shop.request.user.recipients.v1',
    '      user: answer shop.request.user.recipients.v1',
  ].map((line) => '  '.repeat(depth) + line);

/** Traces of requests. No operation may have a plan before. */
export function testTraces(opened: () => { shop: Shop; collector: OtlpReceiver }): void {
  beforeAll(() => void ({ shop, collector } = opened()));

  test('one trace follows an order from the request to its reservation and its mails', async () => {
    const { client } = await openAccount();
    const { traceId, spanId, orderId } = await order(client, await newKnownProduct());
    await untilOutline(traceId, [
      'gateway: mutation PlaceOrder',
      '  gateway: fetch order',
      '    order: mutation',
      '      order: append shop.order.created.v1',
      '        order: publish shop.order.created.v1',
      ...mail(5, 'shop.order.created.v1', 'order-placed'),
      '          product: process shop.order.created.v1',
      '            product: append shop.inventory.reserved.v1',
      '              product: publish shop.inventory.reserved.v1',
      '                order: process shop.inventory.reserved.v1',
      '                  order: append shop.order.updated.v1',
      '                    order: publish shop.order.updated.v1',
      ...mail(11, 'shop.order.updated.v1', 'order-reserved'),
      '            product: append shop.inventory.updated.v1',
      '              product: publish shop.inventory.updated.v1',
      '                notification: process shop.inventory.updated.v1',
      '      order: insert orders',
      '      order: load catalogue',
      '  gateway: plan',
    ]);
    expect(listStatements(traceId)).toEqual(
      expect.arrayContaining([
        'order: load catalogue: SELECT catalogue_products',
        'order: insert orders: INSERT orders',
        'product: process shop.order.created.v1: INSERT reservations',
        'order: process shop.inventory.reserved.v1: UPDATE orders',
        'user: answer shop.request.user.recipients.v1: SELECT users',
      ]),
    );
    const find = (name: string) => collector.spans.find((span) => span.traceId === traceId && span.name === name);
    expect(find('mutation PlaceOrder')).toMatchObject({
      parentId: spanId,
      kind: 2,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/graphql',
        'http.response.status_code': 200,
        'graphql.operation.type': 'mutation',
        'graphql.operation.name': 'PlaceOrder',
      },
    });
    expect(find('fetch order')?.attributes).toMatchObject({ 'shop.subgraph.name': 'order' });
    expect(find('process shop.inventory.reserved.v1')).toMatchObject({
      kind: 5,
      attributes: {
        'messaging.system': 'nats',
        'messaging.message.conversation_id': orderId,
        'messaging.consumer.group.name': 'order-from-product',
      },
    });
  });

  test('an operation over a WebSocket has a trace, which continues that of the client', async () => {
    // The first call to a subgraph makes the gateway prove its time.
    await shop.newProduct();
    const { traceId, spanId, headers } = beginTrace();
    const url = shop.stack.graphqlUrl.replace('http', 'ws');
    const client = createClient({ url, webSocketImpl: WebSocket });
    const query = 'query OverSocket { products(first: 1) { nodes { name } } }';
    try {
      for await (const { errors } of client.iterate({ query, extensions: { traceparent: headers.traceparent } }))
        expect(errors).toBeUndefined();
    } finally {
      await client.dispose();
    }
    await untilOutline(traceId, [
      'gateway: query OverSocket',
      '  gateway: fetch product',
      '    product: query',
      '  gateway: plan',
    ]);
    expect(collector.spans.find(({ name }) => name === 'query OverSocket')).toMatchObject({
      parentId: spanId,
      kind: 2,
      attributes: { 'network.protocol.name': 'websocket', 'http.response.status_code': 200 },
    });
  });

  test('one trace follows a payment from the request to its mail', async () => {
    const { client } = await openAccount();
    const { orderId } = await order(client, await newKnownProduct());
    const { traceId, headers } = beginTrace();
    const input = { orderId, paymentToken: 'tok_visa', idempotencyKey: randomUUID() };
    const { data } = await client.execute(PayOrder, { input }, headers);
    requireMember(data?.payOrder, 'PayOrderSuccess');
    await untilOutline(traceId, [
      'gateway: mutation PayOrder',
      '  gateway: fetch order',
      '    order: mutation',
      '      order: append shop.order.updated.v1',
      '        order: publish shop.order.updated.v1',
      ...mail(5, 'shop.order.updated.v1', 'order-paid'),
      '      order: append shop.payment.processed.v1',
      '        order: publish shop.payment.processed.v1',
      '  gateway: plan',
    ]);
    expect(listStatements(traceId)).toEqual(
      expect.arrayContaining([
        'order: mutation: INSERT payments',
        'order: mutation: UPDATE payments',
        'order: mutation: COMMIT',
      ]),
    );
  });

  test('no token, password, address or value of a statement is in any span', async () => {
    const { client, email, accessToken, refreshToken } = await openAccount();
    const { headers } = beginTrace();
    await shop.anonymous.execute(Login, { input: { email, password } }, headers);
    await shop.anonymous.execute(Login, { input: { email, password: 'planted wrong password' } }, headers);
    const { key, orderId } = await order(client, await newKnownProduct());
    const { traceId, headers: ofPayment } = beginTrace();
    const input = { orderId, paymentToken: 'tok_planted_unknown', idempotencyKey: 'planted-payment-key' };
    await client.execute(PayOrder, { input }, ofPayment);
    await eventually(() =>
      expect(collector.spans).toContainEqual(expect.objectContaining({ traceId, name: 'mutation PayOrder' })),
    );
    const readExported = (): string => Buffer.concat(collector.bodies).toString('latin1');
    // The search finds what is there, once each process has exported its spans.
    await eventually(() => expect(readExported().includes(orderId)).toBe(true));
    const exported = readExported();
    const secrets = [
      email,
      password,
      accessToken,
      refreshToken,
      key,
      'planted',
      'Planted',
      'PL4 NT3',
      'tok_',
      'Bearer',
    ];
    expect(secrets.filter((secret) => exported.includes(secret))).toEqual([]);
    expect(collector.headers[0]).toMatchObject({ authorization: 'Bearer of-the-shop' });
  });

  test('the line of a request in the log has the id of its trace, also when no client gives one', async () => {
    const { traceId, headers } = beginTrace();
    const marks = [randomUUID(), randomUUID()];
    await shop.anonymous.execute('{ __typename }', {}, { ...headers, 'x-request-id': String(marks[0]) });
    await shop.anonymous.execute('{ __typename }', {}, { 'x-request-id': String(marks[1]) });
    await eventually(() => {
      const lines = readFileSync(path.join(shop.stack.dataDir, 'logs', 'gateway.log'), 'utf8')
        .split('\n')
        .filter((line) => line.includes('"msg":"request"'))
        .map((line) => JSON.parse(line) as { requestId: string; traceId?: string });
      const [given, made] = marks.map((mark) => lines.find(({ requestId }) => requestId === mark)?.traceId);
      expect(given).toBe(traceId);
      expect(made).toMatch(/^[0-9a-f]{32}$/);
    });
  });

  test('a request that no client records has no spans', () => {
    const operations = collector.spans.filter(({ service, kind }) => service === 'gateway' && kind === 2);
    expect(operations.length).toBeGreaterThan(0);
    // Accounts, products and the administrator's session were made without a trace.
    expect(operations.map(({ name }) => name)).not.toContain('mutation Register');
  });

  test('the SDK of OpenTelemetry is in a bundle of its own, and in that of no server', () => {
    const hasSdk = (name: string): boolean => readFileSync(`dist/${name}.cjs`, 'utf8').includes('RecordingTracer');
    expect(hasSdk('tracing-sdk')).toBe(true);
    expect(['gateway', ...serviceNames].filter(hasSdk)).toEqual([]);
  });
}
