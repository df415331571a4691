import { type RawSqlClient, sqlOver, uuidv7 } from '@shop/subgraph';
import { createRowBuilder } from '@shop/testing';
import { startPaymentsWorld, type PaymentsWorld } from '../../test/payments-world.ts';
import type { Transaction } from './database.ts';
import { claimDuePayments, hurryPayment, loadPayments } from './payments.ts';
import { claimDueRefunds, isRefundPending, loadRefundByKey } from './refunds.ts';

const PAYMENTS = 20_000;
let world: PaymentsWorld;

/** Each order was paid and partly refunded long ago. Nothing is due. */
beforeAll(async () => {
  world = await startPaymentsWorld();
  const run = (sql: string) => world.server.run(sql);
  const rows = await createRowBuilder(sqlOver(world.database.client));
  await run(rows.toSelectSql('orders', { status: `'PAID'` }, `generate_series(1, ${PAYMENTS})`));
  const payment = {
    order_id: 'id',
    idempotency_key: `'k'`,
    status: `'PARTIALLY_REFUNDED'`,
    amount_minor: '100',
    refunded_minor: '1',
  };
  await run(rows.toSelectSql('payments', payment, 'orders'));
  const refund = {
    payment_id: 'id',
    order_id: 'order_id',
    idempotency_key: `'k'`,
    fingerprint: `'f'`,
    status: `'SUCCEEDED'`,
  };
  await run(rows.toSelectSql('refunds', refund, 'payments'));
  await run('ANALYZE');
});
afterAll(() => world?.stop());

/** Returns PostgreSQL's plans for the statements that `work` runs. */
async function planOf(work: (client: Transaction) => Promise<unknown>): Promise<string> {
  const lines: string[] = [];
  const client: RawSqlClient = {
    $queryRawUnsafe: async (text: string, ...values: unknown[]) => {
      const rows = await world.database.client.$queryRawUnsafe<{ 'QUERY PLAN': string }[]>(
        `EXPLAIN ${text}`,
        ...values,
      );
      lines.push(...rows.map((row) => row['QUERY PLAN']));
      return [];
    },
  };
  await work(client as Transaction);
  return lines.join('\n');
}

test.each<[string, (client: Transaction) => Promise<unknown>, RegExp]>([
  ['payments that are due', (client) => claimDuePayments(client, 5), /payments_pending_due_at_idx/],
  ['refunds that are due', (client) => claimDueRefunds(client, 5), /refunds_pending_due_at_idx/],
  [
    'payments of orders',
    (client) =>
      loadPayments(
        client,
        Array.from({ length: 20 }, () => uuidv7()),
      ),
    /payments_order_id_idempotency_key_key/,
  ],
  ['a refund by its key', (client) => loadRefundByKey(client, uuidv7(), 'k'), /refunds_order_id_idempotency_key_key/],
  ['whether a refund is pending', (client) => isRefundPending(client, uuidv7()), /refunds_(pkey|pending)/],
  ['a payment that is hurried', (client) => hurryPayment(client, uuidv7()), /payments_(pkey|pending)/],
])('an index finds: %s', async (_what, work, index) => {
  const plan = await planOf(work);
  expect(plan).toMatch(index);
  expect(plan).not.toMatch(/Seq Scan on (payments|refunds)/);
});
