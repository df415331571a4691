import { randomUUID } from 'node:crypto';
import { eventually, expression } from '@shop/testing';
import { runCommand } from '../run-command.ts';
import {
  joinStatements,
  orderRow,
  startDatabases,
  type BuiltStatement,
  type Name,
  type Statement,
  type TestDatabases,
  withPlantedAges,
} from './databases.ts';

let databases: TestDatabases;
const product = randomUUID();
const other = randomUUID();
const orderId = randomUUID();
const lateOrder = randomUUID();
/** Has no row, neither as a product nor as an order. */
const stray = randomUUID();

beforeAll(async () => {
  databases = await startDatabases();
  await run('product', scenario);
  await run('order', copyOf([product, 'A', 1], [other, 'B', 3]));
  await run('order', orderRow(orderId, 'RESERVED'));
  await run('order', orderRow(lateOrder, 'PENDING'));
});
afterAll(() => databases?.stop());

const run = (name: Name, statement: Statement) => databases.run(name, statement);
const check: TestDatabases['check'] = (options) => databases.check(options);

/** The number of reads of the catalogue's copy. A connection adds its reads when it ends. */
async function scansOfCopy(): Promise<number> {
  const { rows } = await run(
    'order',
    `SELECT (coalesce(seq_scan, 0) + coalesce(idx_scan, 0))::int AS scans FROM pg_stat_user_tables WHERE relname = 'catalogue_products'`,
  );
  return (rows as { scans: number }[])[0]!.scans;
}

/**
 * Ten units came in, one was removed by hand, and four are reserved for an order. Another product has neither stock nor
 * movements.
 */
const scenario: Statement = (rows) =>
  [
    rows.toSql('products', { id: product, sku: 'A', name: 'Name of A', price_minor: 100, version: 1 }),
    rows.toSql('products', { id: other, sku: 'B', name: 'Name of B', price_minor: 100, version: 3 }),
    rows.toSql('stocks', { product_id: product, on_hand: 9, reserved: 4, sequence: 3 }),
    rows.toSql('stocks', { product_id: other, on_hand: 0 }),
    rows.toSql(
      'stock_movements',
      ...[
        { sequence: 1, type: 'RECEIVED', on_hand_delta: 10, reserved_delta: 0, on_hand_after: 10, reserved_after: 0 },
        { sequence: 2, type: 'ADJUSTED', on_hand_delta: -1, reserved_delta: 0, on_hand_after: 9, reserved_after: 0 },
        { sequence: 3, type: 'RESERVED', on_hand_delta: 0, reserved_delta: 4, on_hand_after: 9, reserved_after: 4 },
      ].map((movement) => ({ product_id: product, ...movement })),
    ),
    rows.toSql('reservations', { order_id: orderId, status: 'RESERVED' }, { status: 'RELEASED' }),
    rows.toSql('reservation_lines', { order_id: orderId, product_id: product, quantity: 4 }),
  ].join(';');

function copyOf(...products: (readonly [string, string, number])[]): Statement {
  const copies = products.map(([product_id, sku, version]) => ({
    product_id,
    sku,
    name: `Name of ${sku}`,
    price_minor: 100,
    on_sale: true,
    version,
  }));
  return (rows) => rows.toSql('catalogue_products', ...copies);
}

function outboxRow({ aggregate = 'x', seconds = 0, isPublished = false } = {}): BuiltStatement {
  const created_at = expression(`now() - interval '${seconds} s'`);
  const published = { published_at: created_at, stream_created: created_at, stream_sequence: 1 };
  return (rows) => rows.toSql('outbox', { aggregate_id: aggregate, created_at, ...(isPublished ? published : {}) });
}

/** A reservation of an order that does not exist, with one line. */
function strayReservation(status: string, productId: string, quantity: number): Statement {
  return (rows) =>
    [
      rows.toSql('reservations', { order_id: stray, status }),
      rows.toSql('reservation_lines', { order_id: stray, product_id: productId, quantity }),
    ].join(';');
}

test('a system at rest has no differences', async () => {
  expect(await check()).toEqual({ differences: [], warnings: [] });
});

/** An event that its followers have, and that the notification service must have a message for. */
const publishedEvent =
  (type: string, data: object, time?: Date): BuiltStatement =>
  (rows) =>
    rows.toSql('outbox', {
      id: orderId,
      type,
      payload: { time: (time ?? new Date()).toISOString(), data },
      published_at: expression('now()'),
    });
const sentMessage = { status: 'SENT', sent_at: expression('now()'), position: 3 };

const A = `A (${product})`;
const B = `B (${other})`;
const removeStray = `DELETE FROM reservation_lines WHERE order_id = '${stray}'; DELETE FROM reservations WHERE order_id = '${stray}'`;

/** The planted difference, its database, the SQL that removes it, and the expected report. */
const planted: [string, Name, Statement, Statement, object[]][] = [
  [
    'a balance that no movement explains',
    'product',
    'UPDATE stocks SET on_hand = 11 WHERE reserved = 4',
    'UPDATE stocks SET on_hand = 9 WHERE reserved = 4',
    [{ check: 'ledger', subject: A, message: '11 are on hand, and its movements add up to 9' }],
  ],
  [
    'reserved stock without a reservation',
    'product',
    'UPDATE stocks SET reserved = 5 WHERE reserved = 4',
    'UPDATE stocks SET reserved = 4 WHERE reserved = 5',
    [
      { check: 'ledger', subject: A, message: '5 are reserved, and its movements add up to 4' },
      { check: 'reservations', subject: A, message: '5 are reserved, and the open reservations hold 4' },
    ],
  ],
  [
    'a product that is marked as out of stock',
    'product',
    `UPDATE products SET in_stock = false WHERE id = '${product}'`,
    `UPDATE products SET in_stock = true WHERE id = '${product}'`,
    [{ check: 'in-stock', subject: A, message: 'it is marked as out of stock, and 5 of its units are available' }],
  ],
  [
    'a number of products that was changed',
    'product',
    'UPDATE product_counts SET change = change + 3 WHERE id = (SELECT min(id) FROM product_counts)',
    'UPDATE product_counts SET change = change - 3 WHERE id = (SELECT min(id) FROM product_counts)',
    [
      {
        check: 'product-counts',
        subject: expect.stringMatching(/^(category .+|products without a category)$/) as string,
        message: expect.stringMatching(
          /^lists count \d+ products that are on sale and .*, and there are \d+$/,
        ) as string,
      },
    ],
  ],
  [
    'a movement that is missing',
    'product',
    `UPDATE stock_movements SET sequence = 4 WHERE sequence = 3`,
    `UPDATE stock_movements SET sequence = 3 WHERE sequence = 4`,
    [{ check: 'ledger', subject: A, message: 'movement 4 follows 2: movements between them are missing' }],
  ],
  [
    'a count that is not the ledger’s',
    'product',
    `UPDATE stocks SET sequence = 5 WHERE sequence = 3`,
    `UPDATE stocks SET sequence = 3 WHERE sequence = 5`,
    [{ check: 'ledger', subject: A, message: 'its stock has had 5 movements, and the ledger has 3' }],
  ],
  [
    'balances after a movement that do not follow',
    'product',
    `UPDATE stock_movements SET on_hand_after = 8 WHERE sequence = 2`,
    `UPDATE stock_movements SET on_hand_after = 9 WHERE sequence = 2`,
    [
      {
        check: 'ledger',
        subject: A,
        message: 'movement 2 leaves 8 on hand, and should leave 9 after the movement before it',
      },
      {
        check: 'ledger',
        subject: A,
        message: 'movement 3 leaves 9 on hand, and should leave 8 after the movement before it',
      },
    ],
  ],
  [
    'reserved units after a movement that do not follow',
    'product',
    `UPDATE stock_movements SET reserved_after = 1 WHERE sequence = 2`,
    `UPDATE stock_movements SET reserved_after = 0 WHERE sequence = 2`,
    [
      {
        check: 'ledger',
        subject: A,
        message: 'movement 2 leaves 1 reserved, and should leave 0 after the movement before it',
      },
      {
        check: 'ledger',
        subject: A,
        message: 'movement 3 leaves 4 reserved, and should leave 5 after the movement before it',
      },
    ],
  ],
  [
    'a reservation that was released without a movement',
    'product',
    `UPDATE reservations SET status = 'RELEASED' WHERE order_id = '${orderId}'`,
    `UPDATE reservations SET status = 'RESERVED' WHERE order_id = '${orderId}'`,
    [
      { check: 'reservations', subject: A, message: '4 are reserved, and the open reservations hold 0' },
      {
        check: 'order-stock',
        subject: `order RESERVED (${orderId})`,
        message: 'it is RESERVED, and has a reservation that is RELEASED',
      },
    ],
  ],
  [
    'stock that a second reservation holds',
    'product',
    strayReservation('RESERVED', product, 1),
    removeStray,
    [
      { check: 'reservations', subject: A, message: '4 are reserved, and the open reservations hold 5' },
      { check: 'order-stock', message: 'it does not exist, and has stock reserved' },
    ],
  ],
  [
    'a reservation of a product that has no stock',
    'product',
    strayReservation('RESERVED', stray, 2),
    removeStray,
    [
      {
        check: 'reservations',
        subject: `unknown product (${stray})`,
        message: '0 are reserved, and the open reservations hold 2',
      },
      { check: 'order-stock', message: 'it does not exist, and has stock reserved' },
    ],
  ],
  [
    'stock that has shipped for an order that does not exist, and holds nothing',
    'product',
    strayReservation('COMMITTED', product, 1),
    removeStray,
    [
      {
        check: 'order-stock',
        subject: `order ${stray}`,
        message: 'it does not exist, and has stock that has shipped',
      },
    ],
  ],
  [
    'a product without stock',
    'product',
    `DELETE FROM stocks WHERE product_id = '${other}'`,
    (rows) => rows.toSql('stocks', { product_id: other, on_hand: 0 }),
    [{ check: 'ledger', subject: B, message: 'it has no stock row' }],
  ],
  [
    'an event that was not published',
    'user',
    outboxRow({ seconds: 90 }),
    'DELETE FROM outbox',
    [{ check: 'outbox', subject: 'user', message: '1 events wait to be published, the oldest for 90 s' }],
  ],
  [
    'an event that a follower has not confirmed',
    'user',
    (rows) =>
      rows.toSql('outbox', {
        id: orderId,
        type: 'shop.user.deleted.v1',
        created_at: expression(`now() - interval '90 s'`),
        published_at: expression('now()'),
      }),
    'DELETE FROM outbox',
    ['order', 'task', 'notification'].map((follower) => ({
      check: 'outbox',
      subject: 'user',
      message: `${follower}-from-user has not confirmed 1 events, the oldest for 90 s: ${orderId}`,
    })),
  ],
  [
    'an event without its message',
    'user',
    publishedEvent('shop.user.password_reset_requested.v1', { userId: stray, requestId: product }),
    'DELETE FROM outbox',
    [
      {
        check: 'notifications',
        subject: `event ${orderId}`,
        message: 'shop.user.password_reset_requested.v1 has no message password-reset',
      },
    ],
  ],
  [
    'a dead letter that the staff do not know of',
    'product',
    publishedEvent('shop.ops.product_dead_lettered.v1', { consumer: 'c', eventType: 't', eventId: 'e' }),
    'DELETE FROM outbox',
    [{ check: 'notifications', message: 'shop.ops.product_dead_lettered.v1 has no message dead-letter' }],
  ],
  [
    'a change of an order that has two messages',
    'notification',
    (rows) =>
      rows.toSql(
        'notifications',
        ...['one', 'two'].map((key) => ({ key, ...sentMessage, order_id: orderId, template: 'order-paid' })),
      ),
    'DELETE FROM notifications',
    [
      {
        check: 'notifications',
        subject: `order ${orderId}`,
        message: 'it has 2 messages order-paid about one change',
      },
    ],
  ],
  [
    'a message that is due and not sent',
    'notification',
    (rows) => {
      const at = expression(`now() - interval '90 s'`);
      return rows.toSql('notifications', { key: 'late', status: 'QUEUED', due_at: at, created_at: at });
    },
    'DELETE FROM notifications',
    [
      {
        check: 'notifications',
        subject: 'notification',
        message: '1 messages are due and not sent, the oldest since 90 s',
      },
    ],
  ],
  [
    'an order that has been PENDING for too long',
    'order',
    `UPDATE orders SET placed_at = now() - interval '90 s' WHERE id = '${lateOrder}'`,
    `UPDATE orders SET placed_at = now() + interval '1 hour' WHERE id = '${lateOrder}'`,
    [{ check: 'orders', subject: 'order', message: '1 orders are PENDING, the oldest for 90 s: PENDING' }],
  ],
  [
    'the oldest of several events that were not published, among events that were',
    'product',
    joinStatements(
      outboxRow({ seconds: 900, isPublished: true }),
      outboxRow({ seconds: 90 }),
      outboxRow({ seconds: 200 }),
      outboxRow(),
    ),
    'DELETE FROM outbox',
    [{ check: 'outbox', subject: 'product', message: '2 events wait to be published, the oldest for 200 s' }],
  ],
  [
    'an event of an order that was not published',
    'order',
    outboxRow({ seconds: 90 }),
    'DELETE FROM outbox',
    [{ check: 'outbox', subject: 'order' }],
  ],
  [
    'a product that the copy lacks',
    'order',
    `DELETE FROM catalogue_products WHERE sku = 'B'`,
    copyOf([other, 'B', 3]),
    [{ check: 'catalogue-copy', subject: B, message: "it is not in the order subgraph's copy of the catalogue" }],
  ],
  [
    'a product that only the copy has',
    'order',
    copyOf(['ffffffff-0000-7000-8000-000000000000', 'C', 1]),
    `DELETE FROM catalogue_products WHERE sku = 'C'`,
    [{ check: 'catalogue-copy', subject: 'C (ffffffff-0000-7000-8000-000000000000)' }],
  ],
  [
    'another price',
    'order',
    `UPDATE catalogue_products SET price_minor = 99 WHERE sku = 'A'`,
    `UPDATE catalogue_products SET price_minor = 100 WHERE sku = 'A'`,
    [{ check: 'catalogue-copy', subject: A, message: 'orders use another price ("99 USD" instead of "100 USD")' }],
  ],
  ...(['name', 'sku', 'on_sale', 'version'] as const).map((column): [string, Name, string, string, object[]] => {
    const [wrong, right] = {
      name: ["'x'", "'Name of B'"],
      sku: ["'x'", "'B'"],
      on_sale: ['false', 'true'],
      version: ['2', '3'],
    }[column] as [string, string];
    const set = (value: string) => `UPDATE catalogue_products SET ${column} = ${value} WHERE product_id = '${other}'`;
    return [`another ${column}`, 'order', set(wrong), set(right), [{ check: 'catalogue-copy', subject: B }]];
  }),
];

// Each would also find what the one before it had left behind.
test.each(planted)('%s is found, and nothing else is', async (_name, where, plant, mend, expected) => {
  await run(where, plant);
  try {
    const { differences } = await check();
    expect(withPlantedAges(differences)).toMatchObject(expected);
    expect(differences).toHaveLength(expected.length);
  } finally {
    await run(where, mend);
  }
});

test('nothing that was planted is left', async () => {
  expect((await check()).differences).toEqual([]);
});

describe('changes in progress are no difference', () => {
  afterEach(() => run('product', 'DELETE FROM outbox'));

  test('accepts an event that was written a moment ago', async () => {
    await run('product', outboxRow());
    expect((await check()).differences).toEqual([]);
  });

  test('accepts a product whose event waits in the outbox', async () => {
    await run('product', outboxRow({ aggregate: other }));
    await run('product', `UPDATE products SET version = 4 WHERE sku = 'B'`);
    expect((await check()).differences).toEqual([]);
    await run('product', `UPDATE products SET version = 3 WHERE sku = 'B'`);
  });

  test('accepts an event from before the activation, and one that causes no message', async () => {
    const request = { userId: stray, requestId: product };
    const events: [string, object, Date?][] = [
      ['shop.user.password_reset_requested.v1', request, new Date(0)],
      ['shop.user.created.v1', { userId: stray, role: 'CUSTOMER' }],
    ];
    for (const event of events) {
      await run('user', publishedEvent(...event));
      expect((await check()).differences).toEqual([]);
      await run('user', 'DELETE FROM outbox');
    }
  });

  test('accepts a copy that catches up during the check', async () => {
    await run('order', `UPDATE catalogue_products SET version = 2 WHERE sku = 'B'`);
    const before = await scansOfCopy();
    const result = check({ settleMs: 15_000 });
    // The check has seen the difference, and has looked again more than once.
    await eventually(async () => expect(await scansOfCopy()).toBeGreaterThan(before + 2));
    await run('order', `UPDATE catalogue_products SET version = 3 WHERE sku = 'B'`);
    expect((await result).differences).toEqual([]);
  });
});

test('an event that was published hides no difference of its product', async () => {
  await run('product', outboxRow({ aggregate: other, seconds: 90, isPublished: true }));
  await run('order', `UPDATE catalogue_products SET version = 2 WHERE sku = 'B'`);
  try {
    expect((await check()).differences).toMatchObject([{ check: 'catalogue-copy', subject: B }]);
  } finally {
    await run('product', 'DELETE FROM outbox');
    await run('order', `UPDATE catalogue_products SET version = 3 WHERE sku = 'B'`);
  }
});

test('the longest time of an event in its outbox is its own limit', async () => {
  await run('user', outboxRow({ seconds: 90 }));
  try {
    const limits = { outboxMaxAgeMs: 600_000, confirmationMaxAgeMs: 0, pendingMaxAgeMs: 30_000 };
    expect((await check(limits)).differences).toEqual([]);
    expect((await check({ outboxMaxAgeMs: 60_000, pendingMaxAgeMs: 600_000 })).differences).toHaveLength(1);
  } finally {
    await run('user', 'DELETE FROM outbox');
  }
});

describe('with more rows than one page', () => {
  // Comparisons read 5,000 rows at a time. These ids come after those of all other rows.
  const COUNT = 10_001;
  const idOf = (place: number) => `ffffffff-0000-4000-8000-${String(place).padStart(12, '0')}`;
  const id = `('ffffffff-0000-4000-8000-' || lpad(place::text, 12, '0'))::uuid`;
  const columns = `${id}, 'M-' || place, 'x', 5, 'USD', true, 1`;
  const everyPlace = `FROM generate_series(1, ${COUNT}) AS place`;
  const insertCopies = (from: number, to: number) =>
    `INSERT INTO catalogue_products (product_id, sku, name, price_minor, currency_code, on_sale, version, updated_at)
       SELECT ${columns}, now() FROM generate_series(${from}, ${to}) AS place`;

  beforeAll(async () => {
    await run(
      'product',
      `INSERT INTO products (id, sku, name, price_minor, currency_code, on_sale, version, description, created_at, updated_at)
         SELECT ${columns}, '', now(), now() ${everyPlace};
       INSERT INTO stocks (product_id, on_hand) SELECT ${id}, 0 ${everyPlace}`,
    );
    await run('order', insertCopies(1, COUNT));
  });
  afterAll(async () => {
    await run('product', `DELETE FROM stocks WHERE product_id::text LIKE 'ffffffff%'`);
    await run('product', `DELETE FROM products WHERE sku LIKE 'M-%'`);
    await run('order', `DELETE FROM catalogue_products WHERE sku LIKE 'M-%'`);
  });

  test('finds no difference when there is none', async () => {
    expect((await check()).differences).toEqual([]);
  });

  test('finds differences in the rows of the last page', async () => {
    await run('order', `UPDATE catalogue_products SET name = 'y' WHERE product_id = '${idOf(COUNT)}'`);
    await run('order', `DELETE FROM catalogue_products WHERE product_id = '${idOf(COUNT - 1)}'`);
    try {
      expect((await check()).differences).toMatchObject([
        { check: 'catalogue-copy', subject: `M-${COUNT - 1} (${idOf(COUNT - 1)})` },
        { check: 'catalogue-copy', subject: `M-${COUNT} (${idOf(COUNT)})` },
      ]);
    } finally {
      await run('order', `DELETE FROM catalogue_products WHERE product_id = '${idOf(COUNT)}'`);
      await run('order', insertCopies(COUNT - 1, COUNT));
    }
  });

  test('finds a reservation after the first page for an order that does not exist', async () => {
    await run(
      'product',
      `INSERT INTO reservations (order_id, status, created_at, updated_at)
         SELECT ${id}, CASE WHEN place = ${COUNT} THEN 'RESERVED' ELSE 'RELEASED' END::"ReservationStatus", now(), now()
         ${everyPlace}`,
    );
    try {
      expect((await check()).differences).toMatchObject([
        { subject: `order ${idOf(COUNT)}`, message: 'it does not exist, and has stock reserved' },
      ]);
    } finally {
      await run('product', `DELETE FROM reservations WHERE order_id::text LIKE 'ffffffff%'`);
    }
  });
});

test('the command prints each difference and exits with 1, also as JSON', async () => {
  const env = Object.fromEntries(
    Object.entries(databases.databaseUrls).map(([name, url]) => [`${name.toUpperCase()}_DATABASE_URL`, url]),
  );
  expect(await runCommand(['reconcile'], { env })).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse((await runCommand(['reconcile', '--json'], { env })).stdout)).toEqual({
    differences: [],
    warnings: [],
  });
  await run('product', `UPDATE stocks SET on_hand = on_hand + 2 WHERE sequence = 3`);
  try {
    const { code, stdout } = await runCommand(['reconcile'], { env });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ledger: A \(.*\): 11 are on hand, and its movements add up to 9\n1 difference\.\n$/);
    const json = await runCommand(['reconcile', '--json'], { env });
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({ differences: [{ check: 'ledger' }], warnings: [] });
  } finally {
    await run('product', `UPDATE stocks SET on_hand = on_hand - 2 WHERE sequence = 3`);
  }
});

test('dead letters are reported as a warning, without those that are resolved', async () => {
  await run('order', (rows) => rows.toSql('dead_letters', {}));
  await run('order', (rows) => rows.toSql('dead_letters', { resolved_at: expression('now()') }));
  await run('user', (rows) => rows.toSql('dead_letters', { resolved_at: expression('now()') }));
  expect(await check()).toEqual({ differences: [], warnings: [expect.stringContaining('order: 1 dead letters')] });
});

test('reconcile uses read-only transactions, and blocks no writes', async () => {
  await run('product', 'BEGIN');
  await run('product', `UPDATE stocks SET on_hand = 9 WHERE sequence = 3`);
  try {
    expect((await check()).differences).toEqual([]);
  } finally {
    await run('product', 'ROLLBACK');
  }
});
