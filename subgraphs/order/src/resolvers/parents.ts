import type { AuditConnection } from '@shop/subgraph';
// The value that the resolvers of a schema type receive, where it differs from the schema.
import type { OrderEvent } from '../db/loaders.ts';
import type { Order, OrderLine } from '../domain/order.ts';
import type { Payment } from '../domain/payment.ts';
import type { OrderConnection } from '../use-cases/list-orders.ts';

/** An order from a mutation comes with its lines. */
export type OrderParent = Order & { readonly lines?: readonly OrderLine[] };
export type OrderItemParent = OrderLine & { readonly currencyCode: string };
export type OrderEventParent = OrderEvent;
export type PaymentParent = Payment;
export type OrderConnectionParent = OrderConnection;
export type UserParent = { readonly id: string };

export type AuditConnectionParent = AuditConnection;
