import type { OrderStatus } from '@shop/client';
import type { Check } from './check.ts';
import { tell } from './check.ts';

interface Row {
  readonly id: string;
  readonly customer_id: string;
  readonly idempotency_key: string;
  readonly status: OrderStatus;
}

/** The statuses that an order can have later, by its status. */
const AFTER: Partial<Record<OrderStatus, readonly OrderStatus[]>> = {
  CANCELLED: ['CANCELLED'],
  PAID: ['PAID', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'CANCELLED'],
  PROCESSING: ['PROCESSING', 'SHIPPED', 'DELIVERED', 'CANCELLED'],
  SHIPPED: ['SHIPPED', 'DELIVERED'],
  DELIVERED: ['DELIVERED'],
};

/** Every order that was confirmed to a client exists, once for its key, and has the confirmed outcome. */
export const checkTold: Check = async ({ databases, journal }) => {
  const rows = await databases.query<Row>('order', 'SELECT id, customer_id, idempotency_key, status FROM orders');
  const byKey = new Map(rows.map((row) => [`${row.customer_id} ${row.idempotency_key}`, row]));
  const byId = new Map(rows.map((row) => [row.id, row]));
  const lost = journal.orders.filter(({ id, customerId, key }) => byKey.get(`${customerId} ${key}`)?.id !== id);
  const keys = new Set(journal.orders.map(({ customerId, key }) => `${customerId} ${key}`));
  const unknown = rows.filter((row) => !keys.has(`${row.customer_id} ${row.idempotency_key}`));
  const reversed = journal.orders.flatMap(({ id, told }) => {
    const status = byId.get(id)?.status;
    return [...told]
      .filter((was) => status !== undefined && !AFTER[was]?.includes(status))
      .map((was) => `${id} was ${was} and is ${status}`);
  });
  return [
    ...tell(
      lost.length,
      'orders that clients were told of are not there',
      lost.map(({ id }) => id),
    ),
    ...tell(unknown.length, 'orders are there that nobody was told of', unknown),
    ...tell(reversed.length, 'orders are not what clients were told they are', reversed),
  ];
};

/** No two answers contradicted each other, and every answer was data or a request to try again later. */
export const checkAnswers: Check = async ({ journal, traffic }) => [
  ...tell(journal.contradictions.length, 'answers are contradictions', journal.contradictions),
  ...[...traffic.wrong].map(
    ([code, example]) => `${traffic.answers.get(code)} answers were ${code}, such as ${example}`,
  ),
];
