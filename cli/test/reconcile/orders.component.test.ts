import { randomUUID } from 'node:crypto';
import { eventually, expression, type Values } from '@shop/testing';
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
const statuses = [
  'PENDING',
  'RESERVED',
  'FAILED',
  'EXPIRED',
  'CANCELLED',
  'PAID',
  'PROCESSING',
  'SHIPPED',
  'DELIVERED',
] as const;
type Status = (typeof statuses)[number];
const ids = Object.fromEntries(statuses.map((status) => [status, randomUUID()])) as Record<Status, string>;
const [payment, late, refund, lateRefund] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
/** In a status without a payment, so that no other check is affected. */
const stray = randomUUID();

/**
 * Every paid order has its payment. The payment of PAID is partly refunded. EXPIRED has a payment that came too late
 * and was refunded.
 */
const money = joinStatements(
  ...(['PROCESSING', 'SHIPPED', 'DELIVERED'] as const).map((status) =>
    paymentOf(randomUUID(), status, { charge: true }),
  ),
  paymentOf(payment, 'PAID', { status: 'PARTIALLY_REFUNDED', refunded: 300, charge: true }),
  paymentOf(late, 'EXPIRED', { status: 'REFUNDED', refunded: 1000, failure: 'Too late.', charge: true }),
  refundOf(refund, payment, 'PAID', 300),
  refundOf(lateRefund, late, 'EXPIRED', 1000),
);

const chargeRow =
  (key: string, amount: number, values: Values = {}): Statement =>
  (rows) =>
    rows.toSql('simulated_charges', { key, amount_minor: amount, ...values });
const providerRefundRow =
  (key: string, charge: string, amount: number): BuiltStatement =>
  (rows) =>
    rows.toSql('simulated_refunds', { key, charge_key: charge, amount_minor: amount });
const ago = (seconds: number) => expression(`now() - interval '${seconds} s'`);

function paymentOf(
  id: string,
  order: Status,
  { status = 'SUCCEEDED', refunded = 0, failure = '', charge = false, seconds = 0 } = {},
): BuiltStatement {
  return (rows) =>
    [
      rows.toSql('payments', {
        id,
        order_id: ids[order],
        idempotency_key: id,
        status,
        amount_minor: 1000,
        refunded_minor: refunded,
        failure_reason: failure || null,
        charge_until: ago(seconds),
      }),
      ...(charge ? [rows.toSql('simulated_charges', { key: id, amount_minor: 1000 })] : []),
    ].join(';');
}

function refundOf(
  id: string,
  of: string,
  order: Status,
  amount: number,
  { status = 'SUCCEEDED', seconds = 0 } = {},
): BuiltStatement {
  return (rows) =>
    [
      rows.toSql('refunds', {
        id,
        payment_id: of,
        order_id: ids[order],
        status,
        amount_minor: amount,
        created_at: ago(seconds),
      }),
      ...(status === 'SUCCEEDED'
        ? [rows.toSql('simulated_refunds', { key: id, charge_key: of, amount_minor: amount })]
        : []),
    ].join(';');
}

const held: Partial<Record<Status, string>> = {
  RESERVED: 'RESERVED',
  PAID: 'RESERVED',
  PROCESSING: 'RESERVED',
  SHIPPED: 'COMMITTED',
  DELIVERED: 'COMMITTED',
  FAILED: 'REJECTED',
  EXPIRED: 'RELEASED',
  CANCELLED: 'RELEASED',
};
const reservation =
  (id: string, status: string): Statement =>
  (rows) =>
    rows.toSql('reservations', { order_id: id, status });

beforeAll(async () => {
  databases = await startDatabases();
  for (const status of statuses) await databases.run('order', orderRow(ids[status], status));
  await databases.run('order', money);
  for (const [status, stock] of Object.entries(held))
    await databases.run('product', reservation(ids[status as Status], stock));
  await databases.run('product', reservation(randomUUID(), 'RELEASED')); // a release for an order that never existed
});
afterAll(() => databases?.stop());

test('a system at rest has no differences', async () => {
  expect((await databases.check()).differences).toEqual([]);
});

const setOrder = (status: Status, values: string) => `UPDATE orders SET ${values} WHERE id = '${ids[status]}'`;
const setEvent = (status: Status, sequence: number, values: string) =>
  `UPDATE order_events SET ${values} WHERE order_id = '${ids[status]}' AND sequence = ${sequence}`;
const setPayment = (id: string, values: string) => `UPDATE payments SET ${values} WHERE id = '${id}'`;
const remove = (id: string) =>
  `DELETE FROM refunds WHERE payment_id = '${id}'; DELETE FROM payments WHERE id = '${id}';
   DELETE FROM simulated_charges WHERE key = '${id}'; DELETE FROM simulated_refunds WHERE charge_key = '${id}'`;
const setReservation = (status: Status, to: string) =>
  `UPDATE reservations SET status = '${to}' WHERE order_id = '${ids[status]}'`;

const history = { check: 'history' };
const payments = { check: 'payments' };
const provider = { check: 'provider' };
const stock = { check: 'order-stock' };

/** The planted difference, its database, the SQL that removes it, and the expected report. */
const planted: [string, Name, Statement, Statement, object[]][] = [
  [
    'a status without history',
    'order',
    setOrder('CANCELLED', `status = 'EXPIRED'`),
    setOrder('CANCELLED', `status = 'CANCELLED'`),
    [
      {
        ...history,
        subject: `order CANCELLED (${ids.CANCELLED})`,
        message: 'it is EXPIRED, and its history ends with CANCELLED',
      },
    ],
  ],
  [
    'a history without its last entry',
    'order',
    setOrder('CANCELLED', 'version = 4'),
    setOrder('CANCELLED', 'version = 3'),
    [{ ...history, message: 'it has had 4 changes, and its history has 3' }],
  ],
  [
    'an entry that is missing',
    'order',
    setEvent('EXPIRED', 3, 'sequence = 4'),
    setEvent('EXPIRED', 4, 'sequence = 3'),
    [{ ...history, message: 'entry 4 of its history does not follow from the one before' }],
  ],
  [
    'an entry that does not follow',
    'order',
    setEvent('PAID', 3, `from_status = 'PENDING'`),
    setEvent('PAID', 3, `from_status = 'RESERVED'`),
    [{ ...history, message: 'entry 3 of its history does not follow from the one before' }],
  ],
  ...(
    [
      [
        'reserved for longer than the history says',
        'RESERVED',
        `reserved_until = '2031-01-01Z'`,
        `reserved_until = '2030-01-01Z'`,
      ],
      ['another tracking number', 'DELIVERED', `tracking_number = 'T2'`, `tracking_number = 'T1'`],
      ['another time', 'FAILED', `updated_at = '2026-01-02Z'`, `updated_at = '2026-01-01T00:00:01Z'`],
    ] as const
  ).map(([name, status, wrong, right]): [string, Name, string, string, object[]] => [
    name,
    'order',
    setOrder(status, wrong),
    setOrder(status, right),
    [{ ...history, message: expect.stringContaining('its times') }],
  ]),

  [
    'a paid order without a payment',
    'order',
    setPayment(payment, `order_id = '${ids.PENDING}', failure_reason = 'x'`),
    setPayment(payment, `order_id = '${ids.PAID}', failure_reason = NULL`),
    [
      {
        ...payments,
        subject: `order PENDING (${ids.PENDING})`,
        message: 'it is PENDING, and 700 is kept that does not pay for it and has no refund',
      },
      {
        ...payments,
        subject: `order PAID (${ids.PAID})`,
        message: 'it is PAID with a total of 1000 USD, and its payments are none',
      },
    ],
  ],
  [
    'an order that was paid twice',
    'order',
    paymentOf(stray, 'PAID', { charge: true }),
    remove(stray),
    [{ ...payments, message: 'it is PAID with a total of 1000 USD, and its payments are 1000 USD and 1000 USD' }],
  ],
  [
    'another amount than the total',
    'order',
    setOrder('SHIPPED', 'total_minor = 999'),
    setOrder('SHIPPED', 'total_minor = 1000'),
    [{ ...payments, message: expect.stringContaining('1000 USD') }],
  ],
  ...(['RESERVED', 'CANCELLED', 'EXPIRED', 'FAILED'] as const).map(
    (status): [string, Name, Statement, Statement, object[]] => [
      `money kept of a ${status} order`,
      'order',
      paymentOf(stray, status, { charge: true }),
      remove(stray),
      [{ ...payments, subject: `order ${status} (${ids[status]})` }],
    ],
  ),
  [
    'a capture that came too late for a paid order and is kept',
    'order',
    paymentOf(stray, 'SHIPPED', { failure: 'Too late.', charge: true }),
    remove(stray),
    [{ ...payments, message: 'it is SHIPPED, and 1000 is kept that does not pay for it and has no refund' }],
  ],
  [
    'a refund that the payment does not count',
    'order',
    setPayment(payment, 'refunded_minor = 200'),
    setPayment(payment, 'refunded_minor = 300'),
    [
      {
        ...payments,
        subject: `payment ${payment}`,
        message: '200 is recorded as refunded, and its refunds add up to 300',
      },
    ],
  ],
  [
    'more to be given back than was captured',
    'order',
    refundOf(stray, payment, 'PAID', 701, { status: 'PENDING' }),
    `DELETE FROM refunds WHERE id = '${stray}'`,
    [
      {
        ...payments,
        subject: `payment ${payment}`,
        message: 'its refunds add up to 1001, and only 1000 can be refunded',
      },
    ],
  ],
  [
    'a payment that is never settled',
    'order',
    paymentOf(stray, 'RESERVED', { status: 'PENDING', seconds: 90 }),
    remove(stray),
    [{ ...payments, subject: 'order', message: '1 payments have no outcome yet, the oldest for 90 s' }],
  ],
  [
    'a refund that is never made',
    'order',
    refundOf(stray, payment, 'PAID', 5, { status: 'PENDING', seconds: 90 }),
    `DELETE FROM refunds WHERE id = '${stray}'`,
    [{ ...payments, subject: 'order', message: '1 refunds are not made yet, the oldest for 90 s' }],
  ],

  [
    'a charge that we do not know of',
    'order',
    chargeRow(stray, 5, { currency_code: 'EUR' }),
    remove(stray),
    [
      {
        ...provider,
        subject: `payment ${stray}`,
        message: 'the provider has charged 5 EUR, and there is no such payment',
      },
    ],
  ],
  ...(['FAILED', 'DECLINED'] as const).map((status): [string, Name, Statement, Statement, object[]] => [
    `a charge that we take for ${status}`,
    'order',
    paymentOf(stray, 'RESERVED', { status, charge: true }),
    remove(stray),
    [{ ...provider, message: `the provider has charged 1000 USD, and it is ${status} with 1000 USD` }],
  ]),
  [
    'a capture that the provider does not know of',
    'order',
    `DELETE FROM simulated_charges WHERE key = '${late}'`,
    chargeRow(late, 1000),
    [
      {
        ...provider,
        subject: `payment ${late}`,
        message: 'the provider has charged nothing, and it is REFUNDED with 1000 USD',
      },
    ],
  ],
  [
    'a capture that the provider declined',
    'order',
    `UPDATE simulated_charges SET declined = 'No.' WHERE key = '${late}'`,
    `UPDATE simulated_charges SET declined = NULL WHERE key = '${late}'`,
    [provider],
  ],
  [
    'another amount',
    'order',
    `UPDATE simulated_charges SET amount_minor = 999 WHERE key = '${late}'`,
    `UPDATE simulated_charges SET amount_minor = 1000 WHERE key = '${late}'`,
    [provider],
  ],
  [
    'another currency',
    'order',
    `UPDATE simulated_charges SET currency_code = 'EUR' WHERE key = '${late}'`,
    `UPDATE simulated_charges SET currency_code = 'USD' WHERE key = '${late}'`,
    [provider],
  ],
  [
    'money given back that we do not know of',
    'order',
    providerRefundRow(stray, payment, 1),
    `DELETE FROM simulated_refunds WHERE key = '${stray}'`,
    [
      {
        ...provider,
        subject: `refund ${stray}`,
        message: `the provider has refunded 1 of ${payment}, and there is no such refund`,
      },
    ],
  ],
  [
    'a refund that was never made',
    'order',
    `DELETE FROM simulated_refunds WHERE key = '${refund}'`,
    providerRefundRow(refund, payment, 300),
    [
      {
        ...provider,
        subject: `refund ${refund}`,
        message: `the provider has refunded nothing, and it is SUCCEEDED with 300 of ${payment}`,
      },
    ],
  ],
  [
    'a refund of another amount',
    'order',
    `UPDATE simulated_refunds SET amount_minor = 1 WHERE key = '${refund}'`,
    `UPDATE simulated_refunds SET amount_minor = 300 WHERE key = '${refund}'`,
    [provider],
  ],
  [
    'a refund that waits, and that the provider made with another amount',
    'order',
    joinStatements(refundOf(stray, payment, 'PAID', 5, { status: 'PENDING' }), providerRefundRow(stray, payment, 6)),
    `DELETE FROM refunds WHERE id = '${stray}'; DELETE FROM simulated_refunds WHERE key = '${stray}'`,
    [
      {
        ...provider,
        subject: `refund ${stray}`,
        message: `the provider has refunded 6 of ${payment}, and it is PENDING with 5 of ${payment}`,
      },
    ],
  ],
  [
    'a refund of another charge',
    'order',
    `UPDATE simulated_refunds SET charge_key = 'x' WHERE key = '${refund}'`,
    `UPDATE simulated_refunds SET charge_key = '${payment}' WHERE key = '${refund}'`,
    [provider],
  ],

  ...(['RESERVED', 'PAID', 'PROCESSING'] as const).map((status): [string, Name, Statement, Statement, object[]] => [
    `a ${status} order without stock`,
    'product',
    setReservation(status, 'RELEASED'),
    setReservation(status, 'RESERVED'),
    [
      {
        ...stock,
        subject: `order ${status} (${ids[status]})`,
        message: `it is ${status}, and has a reservation that is RELEASED`,
      },
    ],
  ]),
  ...(['FAILED', 'CANCELLED', 'EXPIRED', 'SHIPPED', 'DELIVERED'] as const).map(
    (status): [string, Name, Statement, Statement, object[]] => [
      `stock held for a ${status} order`,
      'product',
      setReservation(status, 'RESERVED'),
      setReservation(status, held[status] as string),
      [{ ...stock, message: `it is ${status}, and has stock reserved` }],
    ],
  ),
  [
    'stock that left for a PAID order',
    'product',
    setReservation('PAID', 'COMMITTED'),
    setReservation('PAID', 'RESERVED'),
    [{ ...stock, message: 'it is PAID, and has stock that has shipped' }],
  ],
  [
    'a PAID order without a reservation',
    'product',
    `DELETE FROM reservations WHERE order_id = '${ids.PAID}'`,
    reservation(ids.PAID, 'RESERVED'),
    [{ ...stock, message: 'it is PAID, and has no reservation' }],
  ],
  [
    'a decision that the order has not heard of',
    'product',
    reservation(ids.PENDING, 'RESERVED'),
    `DELETE FROM reservations WHERE order_id = '${ids.PENDING}'`,
    [{ ...stock, message: 'it is PENDING, and has stock reserved' }],
  ],
  [
    'stock held for an order that never was',
    'product',
    reservation(stray, 'RESERVED'),
    `DELETE FROM reservations WHERE order_id = '${stray}'`,
    [{ ...stock, subject: `order ${stray}`, message: 'it does not exist, and has stock reserved' }],
  ],
];

// Each would also find what the one before it had left behind.
test.each(planted)('%s is found, and nothing else is', async (_name, where, plant, mend, expected) => {
  await databases.run(where, plant);
  try {
    const { differences } = await databases.check();
    const inOrder = withPlantedAges(differences).sort((a, b) => (a.message < b.message ? -1 : 1));
    expect(inOrder).toMatchObject([...expected].sort((a, b) => (messageOf(a) < messageOf(b) ? -1 : 1)));
    expect(differences).toHaveLength(expected.length);
  } finally {
    await databases.run(where, mend);
  }
});

test('nothing that was planted is left', async () => {
  expect((await databases.check()).differences).toEqual([]);
});

const messageOf = (difference: object) => (difference as { message?: string }).message ?? '';

describe('changes in progress are no difference', () => {
  test('accepts a recent payment and a recent refund, charged already or not', async () => {
    await databases.run(
      'order',
      joinStatements(
        paymentOf(stray, 'RESERVED', { status: 'PENDING', charge: true }),
        refundOf(stray, payment, 'PAID', 5, { status: 'PENDING' }),
      ),
    );
    try {
      expect((await databases.check()).differences).toEqual([]);
      await databases.run(
        'order',
        `UPDATE orders SET placed_at = now() - interval '1 second' WHERE status = 'PENDING'`,
      );
      expect((await databases.check({ pendingMaxAgeMs: 0 })).differences.map(({ check }) => check)).toEqual([
        'orders',
        'payments',
        'payments',
      ]);
    } finally {
      await databases.run('order', `UPDATE orders SET placed_at = now() + interval '1 hour' WHERE status = 'PENDING'`);
      await databases.run('order', `DELETE FROM refunds WHERE id = '${stray}'; ${remove(stray)}`);
    }
  });

  test('accepts money that is about to be refunded', async () => {
    await databases.run(
      'order',
      joinStatements(
        paymentOf(stray, 'CANCELLED', { charge: true }),
        refundOf(randomUUID(), stray, 'CANCELLED', 1000, { status: 'PENDING' }),
      ),
    );
    try {
      expect((await databases.check()).differences).toEqual([]);
    } finally {
      await databases.run('order', remove(stray));
    }
  });

  test.each(['order', 'product'] as const)('accepts an order whose event waits in the outbox of %s', async (where) => {
    await databases.run('product', setReservation('CANCELLED', 'RESERVED'));
    await databases.run(where, (rows) => rows.toSql('outbox', { aggregate_id: ids.CANCELLED }));
    try {
      expect((await databases.check()).differences).toEqual([]);
    } finally {
      await databases.run(where, 'DELETE FROM outbox');
      await databases.run('product', setReservation('CANCELLED', 'RELEASED'));
    }
  });

  test('accepts a release that arrives during the check', async () => {
    await databases.run('product', setReservation('EXPIRED', 'RESERVED'));
    const scans = async () =>
      (
        (
          await databases.run(
            'product',
            `SELECT (coalesce(seq_scan, 0) + coalesce(idx_scan, 0))::int AS scans FROM pg_stat_user_tables WHERE relname = 'reservations'`,
          )
        ).rows as { scans: number }[]
      )[0]!.scans;
    const before = await scans();
    const result = databases.check({ settleMs: 15_000 });
    await eventually(async () => expect(await scans()).toBeGreaterThan(before + 1)); // the check has seen the difference
    await databases.run('product', setReservation('EXPIRED', 'RELEASED'));
    expect((await result).differences).toEqual([]);
  });
});
