import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { reconcile } from '@shop/cli';
import {
  createShopClient,
  expectSuccess,
  InventoryLedger,
  ListNotifications,
  ListCatalogue,
  OrderFile,
  PayOrder,
  RefreshSession,
  SearchProducts,
  type ShopClient,
  signIn,
} from '@shop/client';
import { fromPg, listDeadLetters, requestResend } from '@shop/messaging';
import {
  databaseUrlsOf,
  eventually,
  startTestStack,
  temporaryDirectory,
  type TemporaryDirectory,
  type TestStack,
} from '@shop/testing';
import { isLongRun } from '@shop/testing/config';
import pg from 'pg';
import { type ArchivedOrder, type BySubgraph, type Manifest, readManifest, type Subgraph } from './upgrade/manifest.ts';
import { restoreArchive } from './upgrade/restore.ts';
import { findLostRows, readAllRows, type Rows } from './upgrade/rows.ts';
import { fingerprintSecrets } from './upgrade/secrets.ts';

// The tests follow one data directory in order. docs/operations/upgrade.md says where the archive comes from.
let manifest: Manifest;
let directory: TemporaryDirectory;
let dataDir: string;
let rowsBefore: BySubgraph<Rows>;
let system: TestStack | undefined;
let admin: ShopClient;

const subgraphs = ['user', 'product', 'order'] as const;

beforeAll(async () => {
  manifest = await readManifest();
  directory = await temporaryDirectory();
  dataDir = path.join(directory.path, 'data');
  rowsBefore = await restoreArchive(manifest, dataDir);
  await start();
});
afterAll(async () => {
  await system?.stop();
  await directory?.remove();
});

async function start(): Promise<void> {
  system = await startTestStack({ dataDir, hasData: true });
  admin = await enter(manifest.admin);
}

const running = () => system!.stack;

async function enter({ email, password }: { email: string; password: string }): Promise<ShopClient> {
  const shop = createShopClient({ url: running().graphqlUrl });
  expectSuccess(await signIn(shop, { email, password }));
  return shop;
}

async function useDatabase<Result>(subgraph: Subgraph, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: running().databaseUrl(subgraph) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const query = <Row extends pg.QueryResultRow>(subgraph: Subgraph, text: string, values: unknown[] = []) =>
  useDatabase(subgraph, async (client) => (await client.query<Row>(text, values)).rows);

/** An order as staff see it, in the form of {@link expectedOrder}. */
async function lookUpOrder({ id }: ArchivedOrder) {
  const { order } = await admin.request(OrderFile, { id });
  return {
    number: order?.number,
    total: { amount: order?.total.amount, currencyCode: order?.total.currencyCode },
    lines: order?.items.map(({ sku, quantity }) => ({ sku, quantity })),
    status: order?.status,
    customer: order?.customer?.email ?? null,
    history: order?.history.map((entry) => ({ id: entry.id, type: entry.type })),
    payments: order?.payments.map((payment) => ({ id: payment.id, status: payment.status })),
  };
}

function expectedOrder({ number, total, lines, archived, expected }: ArchivedOrder) {
  return {
    number,
    total,
    lines,
    status: expected.status,
    customer: expected.customer,
    history: [...archived.history, ...expected.addedHistory.map((type) => ({ id: expect.any(String), type }))],
    payments: archived.payments.map(({ id }, index) => ({ id, status: expected.payments[index] })),
  };
}

/** Keyed by purpose, so that a failure names the order's story. */
async function lookUpOrders() {
  const entries = manifest.orders.map(async (order) => [order.purpose, await lookUpOrder(order)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

function findOrder(purpose: string): ArchivedOrder {
  const order = manifest.orders.find((each) => each.purpose === purpose);
  if (order === undefined) throw new Error(`The manifest has no order for "${purpose}".`);
  return order;
}

test('restores every row that the release had', () => {
  const counted = (rows: Rows) => Object.fromEntries([...rows].map(([table, { size }]) => [table, size]));
  for (const subgraph of subgraphs) expect(counted(rowsBefore[subgraph])).toEqual(manifest.rows[subgraph]);
});

test('publishes the waiting events, and handles the unhandled ones', async () => {
  for (const subgraph of subgraphs) {
    const ids = manifest.unpublished[subgraph];
    await eventually(async () => {
      const published =
        'SELECT id FROM outbox WHERE id = ANY ($1::uuid[]) AND published_at IS NOT NULL ORDER BY sequence';
      const rows = await query<{ id: string }>(subgraph, published, [ids]);
      expect(rows.map(({ id }) => id)).toEqual(ids);
    });
  }
  for (const { id, consumer } of manifest.unhandled) {
    const follower = consumer.replace(/-from-.*/, '') as Subgraph;
    await eventually(async () => {
      const handled = 'SELECT consumer FROM inbox WHERE message_id = $1';
      expect(await query(follower, handled, [id])).toEqual([{ consumer }]);
    });
  }
});

test('keeps each order, and continues unfinished work', async () => {
  const expected = Object.fromEntries(manifest.orders.map((order) => [order.purpose, expectedOrder(order)]));
  await eventually(async () => expect(await lookUpOrders()).toEqual(expected));
});

test('keeps each product, with the stock that its orders leave', async () => {
  const { products } = await admin.request(ListCatalogue, { first: 100, filter: { includeDeleted: true } });
  const listed = products.nodes.map(({ id, sku, name, price: { amount, currencyCode }, onSale, version }) => {
    return { id, sku, name, price: { amount, currencyCode }, onSale, version };
  });
  const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
  expect(listed.sort(byId)).toEqual(manifest.products.map(({ expectedStock: _, ...product }) => product).sort(byId));

  for (const { id, expectedStock } of manifest.products) {
    await eventually(async () => {
      const { product } = await admin.request(InventoryLedger, { productId: id });
      expect(product?.inventory).toMatchObject(expectedStock);
    });
  }
  const twice = await query(
    'product',
    `SELECT order_id, product_id, type FROM stock_movements WHERE order_id IS NOT NULL
     GROUP BY order_id, product_id, type HAVING count(*) > 1`,
  );
  expect(twice).toEqual([]);

  const found = await admin.request(SearchProducts, { filter: { search: 'teapto', category: 'kitchen' } });
  expect(found.products.nodes.map(({ sku }) => sku)).toEqual(['TEAPOT-1']);
});

test('lists a dead letter, and handles it when it is sent again', async () => {
  const lists = subgraphs.map(async (service) => {
    const letters = await useDatabase(service, (client) => listDeadLetters(fromPg(client), { resolved: true }));
    return letters.map(({ id, messageId, type, payload }) => {
      return { id, service, event: messageId, type, subject: JSON.parse(Buffer.from(payload).toString()).subject };
    });
  });
  expect((await Promise.all(lists)).flat()).toEqual(
    manifest.deadLetters.map((letter) => expect.objectContaining(letter)),
  );
  // On a slow machine the broker has delivered the event again by now. Then it is handled, and not sent again.

  for (const { service, id } of manifest.deadLetters) {
    await useDatabase(service, (client) => requestResend(fromPg(client), [id]));
    await eventually(async () => {
      const resolved = 'SELECT resolved_at IS NOT NULL AS resolved FROM dead_letters WHERE id = $1';
      expect(await query(service, resolved, [id])).toEqual([{ resolved: true }]);
    });
  }
});

test('reports no difference, and handles no event twice', async () => {
  for (const follower of ['product', 'order'] as const) {
    const twice = 'SELECT message_id FROM inbox GROUP BY message_id HAVING count(*) > 1';
    expect(await query(follower, twice)).toEqual([]);
  }
  const databaseUrls = databaseUrlsOf(running());
  await eventually(async () => {
    expect(await reconcile({ databaseUrls, outboxMaxAgeMs: 0, pendingMaxAgeMs: 0 })).toEqual({
      differences: [],
      warnings: [],
    });
  });
});

test('accepts the payment of an old reservation that has not expired', async () => {
  const ada = await enter(manifest.accounts.find(({ email }) => email === 'ada@example.com')!);
  for (const purpose of ['a reservation that lasts', 'a payment that failed, of a reservation that lasts']) {
    const { id } = findOrder(purpose);
    const { payOrder } = await ada.request(PayOrder, { input: { orderId: id, paymentToken: 'tok_visa' } });
    expect(expectSuccess(payOrder)).toMatchObject({ order: { status: 'PAID' }, payment: { status: 'SUCCEEDED' } });
  }
});

test('sends mails about what happens now, and none about what happened before there were any', async () => {
  const { id } = findOrder('a reservation that lasts');
  const ada = manifest.accounts.find(({ email }) => email === 'ada@example.com')!;
  const paid = await eventually(async () => {
    const { notifications } = await admin.request(ListNotifications, { first: 100, filter: { orderId: id } });
    expect(notifications.nodes).toMatchObject([{ template: 'order-paid', status: 'SENT', order: { id } }]);
    return notifications.nodes[0]!;
  });
  const answer = await fetch(`${running().mailbox?.url}/api/messages?to=${encodeURIComponent(ada.email)}`);
  const { messages } = (await answer.json()) as { messages: { subject: string; text: string }[] };
  const mail = messages.find(({ subject }) => subject === paid.subject);
  const { order } = await admin.request(OrderFile, { id });
  for (const { name } of order!.items) expect(mail?.text).toContain(name);

  const all = (await admin.request(ListNotifications, { first: 100 })).notifications.nodes;
  const before = ['welcome', 'account-deleted', 'order-placed', 'order-shipped', 'order-delivered', 'password-changed'];
  expect(all.filter(({ template }) => before.includes(template))).toEqual([]);
});

test('signs in open accounts, and rejects inactive and deleted ones', async () => {
  for (const { email, password, role, state } of manifest.accounts) {
    const login = await signIn(createShopClient({ url: running().graphqlUrl }), { email, password });
    if (state === 'open')
      expect(login).toMatchObject({ __typename: 'LoginSuccess', user: { email, role, active: true } });
    else expect(login.__typename).toBe('InvalidCredentials');
  }
});

test('refreshes an old session once, and rejects used and revoked tokens', async () => {
  const refresh = async (refreshToken: string) => {
    const { refreshSession } = await admin.request(RefreshSession, { input: { refreshToken } }, { anonymous: true });
    return refreshSession.__typename;
  };
  for (const { refreshToken, works } of manifest.sessions) {
    expect(await refresh(refreshToken)).toBe(works ? 'RefreshSessionSuccess' : 'InvalidRefreshToken');
    expect(await refresh(refreshToken)).toBe('InvalidRefreshToken');
  }
});

test('keeps secrets and signing keys', async () => {
  expect(await fingerprintSecrets(dataDir)).toMatchObject(manifest.secrets);
  expect(running().admin).toEqual(manifest.admin);

  const keys = JSON.parse(await readFile(path.join(dataDir, 'secrets', 'access-token-keys.json'), 'utf8'));
  const shown = await fetch(new URL('/.well-known/jwks.json', running().graphqlUrl));
  const { keys: published } = (await shown.json()) as { keys: { kid: string }[] };
  expect(published.map(({ kid }) => kid)).toEqual(keys.map(({ kid }: { kid: string }) => kid));
});

test(`loses no row${isLongRun() ? ', also when it starts a second time' : ''}`, async () => {
  const orders = await lookUpOrders();
  // The start on the archive's data has proved it once.
  if (isLongRun()) {
    await system?.stop();
    await start();
    expect(await lookUpOrders()).toEqual(orders);
  }

  const rowsAfter = await readAllRows((subgraph) => running().databaseUrl(subgraph));
  const erased = manifest.accounts.filter(({ state }) => state === 'deleted').map(({ id }) => id);
  for (const subgraph of subgraphs) {
    expect(findLostRows(rowsBefore[subgraph], rowsAfter[subgraph], erased)).toEqual([]);
  }
});
