import {
  type Bind,
  type CountLimit,
  createBinder,
  groupByParent,
  isBeyondCursor,
  limitRows,
  type Page,
  pageReader,
  selectCount,
  senseOf,
} from '@shop/subgraph';
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
export async function listOrders(database: Database, criteria: OrderCriteria, page: OrderPage): Promise<Order[]> {
  const { values, bind } = createBinder();
  return pageReader(database, page, hasOnePlan(criteria)).query<Order>(selectPage(criteria, [], page, bind), values);
}

/** Lists the same page for each of several customers in one statement, by customer. */
export async function listOrdersByCustomer(
  database: Database,
  customerIds: readonly string[],
  criteria: OrderCriteria,
  page: OrderPage,
): Promise<Map<string, Order[]>> {
  const { values, bind } = createBinder();
  const rows = await pageReader(database, page, hasOnePlan(criteria)).query<Order & { customerId: string }>(
    `SELECT listed.* FROM unnest(${bind(customerIds, 'uuid[]')}) AS customer(id)
     CROSS JOIN LATERAL (${selectPage(criteria, ['o.customer_id = customer.id'], page, bind)}) AS listed
     ORDER BY listed."placedAt" ${sense(page)}, listed.id::uuid ${sense(page)}`,
    values,
  );
  return groupByParent(customerIds, rows, ({ customerId }) => customerId);
}

/** True where any values lead to the same plan. How many orders a time or a status leaves is known only from its value. */
const hasOnePlan = (criteria: OrderCriteria): boolean => Object.values(criteria).every((value) => value === null);

/** Counts orders of all customers, up to the limit. */
export async function countOrders({ lists }: Database, criteria: OrderCriteria, limit: CountLimit): Promise<number> {
  const { values, bind } = createBinder();
  const [row] = await lists.query<{ count: number }>(
    selectCount(`SELECT FROM every_order o WHERE ${conditions(criteria, bind).join(' AND ')}`, limit),
    values,
  );
  return row?.count ?? 0;
}

/** Counts the orders of each of several customers, up to the limit. */
export async function countOrdersByCustomer(
  { lists }: Database,
  customerIds: readonly string[],
  criteria: OrderCriteria,
  limit: CountLimit,
): Promise<Map<string, number>> {
  const { values, bind } = createBinder();
  const rows = await lists.query<{ customerId: string; count: number }>(
    `SELECT customer.id::text AS "customerId", orders.count FROM unnest(${bind(customerIds, 'uuid[]')}) AS customer(id)
     CROSS JOIN LATERAL (${selectCount(
       `SELECT FROM every_order o WHERE ${['o.customer_id = customer.id', ...conditions(criteria, bind)].join(' AND ')}`,
       limit,
     )}) AS orders`,
    values,
  );
  return new Map(rows.map(({ customerId, count }) => [customerId, count]));
}

/** Lists are newest first. */
const sense = (page: OrderPage) => senseOf(page, 'DESC');

function selectPage(criteria: OrderCriteria, among: readonly string[], page: OrderPage, bind: Bind): string {
  const { statuses, ...rest } = criteria;
  if (statuses === null) return selectIndexed(plainOrderColumns, rest, among, page, bind);
  // One page per status, directly from its index, merged into one page: rows of a rare status need no scan. The index has all columns
  // of the keys, so that PostgreSQL never prefers to sort all orders of a customer. The rows of the merged page are read afterwards.
  const keys = selectIndexed('o.placed_at, o.id', rest, [...among, 'o.status = wanted.status'], page, bind);
  return `SELECT listed.* FROM (
      SELECT merged.* FROM unnest(${bind(statuses, '"OrderStatus"[]')}) AS wanted(status) CROSS JOIN LATERAL (${keys}) AS merged
       ORDER BY merged.placed_at ${sense(page)}, merged.id ${sense(page)} ${limitRows(page)}) AS keys
    CROSS JOIN LATERAL (SELECT ${plainOrderColumns} FROM every_order o WHERE o.id = keys.id LIMIT 1) AS listed
    ORDER BY keys.placed_at ${sense(page)}, keys.id ${sense(page)}`;
}

function selectIndexed(
  columns: string,
  criteria: Omit<OrderCriteria, 'statuses'>,
  among: readonly string[],
  page: OrderPage,
  bind: Bind,
): string {
  const isBeyond = isBeyondCursor(page, ['o.placed_at', 'o.id'], 'DESC', bind);
  return `SELECT ${columns} FROM every_order o
    WHERE ${[...among, ...conditions(criteria, bind), isBeyond].join(' AND ')}
    ORDER BY o.placed_at ${sense(page)}, o.id ${sense(page)} ${limitRows(page)}`;
}

function conditions({ statuses, placedAfter, placedBefore }: Partial<OrderCriteria>, bind: Bind): string[] {
  return [
    'true',
    ...(statuses ? [`o.status = ANY(${bind(statuses, '"OrderStatus"[]')})`] : []),
    ...(placedAfter ? [`o.placed_at >= ${bind(placedAfter.toISOString(), 'timestamptz')}`] : []),
    ...(placedBefore ? [`o.placed_at < ${bind(placedBefore.toISOString(), 'timestamptz')}`] : []),
  ];
}
