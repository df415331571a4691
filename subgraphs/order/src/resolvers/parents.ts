// What the resolvers of a type of the schema get, where it is not what the schema says.
import type { OrderEvent } from '../db/loaders.ts';
import type { Order, OrderLine } from '../domain/order.ts';
import type { Payment } from '../domain/payment.ts';
import type { OrderConnection } from '../use-cases/list-orders.ts';

/** An order that a mutation returns has its lines with it. */
export type OrderParent = Order & { readonly lines?: readonly OrderLine[] };
export type OrderItemParent = OrderLine & { readonly currencyCode: string };
export type OrderEventParent = OrderEvent;
export type PaymentParent = Payment;
export type OrderConnectionParent = OrderConnection;
export type UserParent = { readonly id: string };
