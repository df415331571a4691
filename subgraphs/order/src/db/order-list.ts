import { type Bind, createBinder, groupByParent, isBeyondCursor, type Page, senseOf } from '@shop/subgraph';
import type { Order } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import type { Database } from './database.ts';
import { plainOrderColumns } from './order-rows.ts';

/** Conditions that all apply. */
export interface OrderCriteria {
  readonly statuses: readonly OrderStatus[] | null;
  /** Placed at this instant or later. */
  readonly placedAfter: Date | null;
  /** Placed before this instant. */
  readonly placedBefore: Date | null;
}

/** The position of an order in a list: when it was placed, and its id. */
export type OrderPage = Page<readonly [placedAt: string, id: string]>;

/** Lists orders of all customers, newest first. Returns one row more than a page, in reading order. */
export async function listOrders({ lists }: Database, criteria: OrderCriteria, page: OrderPage): Promise<Order[]> {
  const { values, bind } = createBinder();
  const { statuses, ...rest } = criteria;
  // One page per status, directly from its index, merged into one page: rows of a rare status need no scan.
  const text =
    statuses === null
      ? selectPage(rest, [], page, bind)
      : `SELECT listed.* FROM unnest(${bind(statuses, '"OrderStatus"[]')}) AS wanted(status)
         CROSS JOIN LATERAL (${selectPage(rest, ['o.status = wanted.status'], page, bind)}) AS listed
         ORDER BY listed."placedAt" ${sense(page)}, listed.id::uuid ${sense(page)} LIMIT ${bind(page.limit + 1, 'int')}`;
  return lists.query<Order>(text, values);
}

/** Lists the same page for each of several customers in one statement, by customer. */
export async function listOrdersByCustomer(
  { lists }: Database,
  customerIds: readonly string[],
  criteria: OrderCriteria,
  page: OrderPage,
): Promise<Map<string, Order[]>> {
  const { values, bind } = createBinder();
  const rows = await lists.query<Order & { customerId: string }>(
    `SELECT listed.* FROM unnest(${bind(customerIds, 'uuid[]')}) AS customer(id)
     CROSS JOIN LATERAL (${selectPage(criteria, ['o.customer_id = customer.id'], page, bind)}) AS listed
     ORDER BY listed."placedAt" ${sense(page)}, listed.id::uuid ${sense(page)}`,
    values,
  );
  return groupByParent(customerIds, rows, ({ customerId }) => customerId);
}

/** Counts orders of all customers. */
export async function countOrders({ lists }: Database, criteria: OrderCriteria): Promise<number> {
  const { values, bind } = createBinder();
  const [row] = await lists.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM every_order o WHERE ${conditions(criteria, bind).join(' AND ')}`,
    values,
  );
  return row?.count ?? 0;
}

/** Counts the orders of each of several customers. */
export async function countOrdersByCustomer(
  { lists }: Database,
  customerIds: readonly string[],
  criteria: OrderCriteria,
): Promise<Map<string, number>> {
  const { values, bind } = createBinder();
  const rows = await lists.query<{ customerId: string; count: number }>(
    `SELECT o.customer_id::text AS "customerId", count(*)::int AS count FROM every_order o
      WHERE o.customer_id = ANY(${bind(customerIds, 'uuid[]')}) AND ${conditions(criteria, bind).join(' AND ')}
      GROUP BY o.customer_id`,
    values,
  );
  return new Map(rows.map(({ customerId, count }) => [customerId, count]));
}

/** Lists are newest first. */
const sense = (page: OrderPage) => senseOf(page, 'DESC');

function selectPage(
  criteria: Omit<OrderCriteria, 'statuses'> & Partial<OrderCriteria>,
  among: readonly string[],
  page: OrderPage,
  bind: Bind,
): string {
  const isBeyond = isBeyondCursor(page, ['o.placed_at', 'o.id'], 'DESC', bind);
  return `SELECT ${plainOrderColumns} FROM every_order o
    WHERE ${[...among, ...conditions(criteria, bind), isBeyond].join(' AND ')}
    ORDER BY o.placed_at ${sense(page)}, o.id ${sense(page)} LIMIT ${bind(page.limit + 1, 'int')}`;
}

function conditions({ statuses, placedAfter, placedBefore }: Partial<OrderCriteria>, bind: Bind): string[] {
  return [
    'true',
    ...(statuses ? [`o.status = ANY(${bind(statuses, '"OrderStatus"[]')})`] : []),
    ...(placedAfter ? [`o.placed_at >= ${bind(placedAfter.toISOString(), 'timestamptz')}`] : []),
    ...(placedBefore ? [`o.placed_at < ${bind(placedBefore.toISOString(), 'timestamptz')}`] : []),
  ];
}
