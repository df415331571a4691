import { parsePage, type PageArguments } from '@shop/subgraph';
import { z } from 'zod';
import type { OrderCriteria, OrderPage } from '../db/order-list.ts';
import type { Order } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';

/** The input as in the schema. */
export interface OrderFilter {
  readonly status?: readonly OrderStatus[] | null;
  readonly customerId?: string | null;
  readonly placedAfter?: Date | null;
  readonly placedBefore?: Date | null;
}

/** Reads the conditions of a filter except the customer. Returns null when no order can match. */
export function readCriteria(filter: OrderFilter | null | undefined): OrderCriteria | null {
  const { status, placedAfter, placedBefore } = filter ?? {};
  if (status?.length === 0) return null;
  return {
    statuses: status ? [...new Set(status)] : null,
    placedAfter: placedAfter ? withinYears(placedAfter) : null,
    placedBefore: placedBefore ? withinYears(placedBefore) : null,
  };
}

const cursor = z.tuple([z.string().refine(isInstant), z.uuid()]);

export const parseOrderPage = (args: PageArguments): OrderPage => parsePage(args, cursor);

export const toCursor = ({ placedAt, id }: Order): [string, string] => [placedAt.toISOString(), id];

const FIRST = Date.UTC(1000, 0);
const LAST = Date.UTC(9999, 0);

function isInstant(text: string): boolean {
  const at = new Date(text);
  return !Number.isNaN(at.getTime()) && withinYears(at).toISOString() === text;
}

/** An instant with a four-digit year, as PostgreSQL reads it. No order lies beyond. */
function withinYears(at: Date): Date {
  return new Date(Math.min(Math.max(at.getTime(), FIRST), LAST));
}
