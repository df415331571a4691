import { issuesFrom, isUuid, plainLine, plainText, type InputIssue } from '@shop/subgraph';
import { z } from 'zod';
import { changeOrders, lockOrderFor } from '../db/order-changes.ts';
import { decideFulfilment } from '../domain/fulfilment.ts';
import type { Order } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import { orderWasUpdated } from '../events/outgoing.ts';
import type { Dependencies } from './dependencies.ts';

/** The input as in the schema. */
export interface UpdateOrderStatusInput {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly trackingNumber?: string | null;
  readonly note?: string | null;
}

const text = z.object({
  trackingNumber: plainLine(100)
    .trim()
    .nullish()
    .transform((value) => value || null),
  note: plainText(500)
    .trim()
    .nullish()
    .transform((value) => value || null),
});

export type UpdateOrderStatusOutcome =
  | { readonly kind: 'updated'; readonly order: Order }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'not-found'; readonly orderId: string }
  | { readonly kind: 'invalid-transition'; readonly from: OrderStatus; readonly to: OrderStatus };

/** Moves a paid order one step further. On the event, the product subgraph takes shipped stock out of the ledger. */
export async function updateOrderStatus(
  { database, now }: Pick<Dependencies, 'database' | 'now'>,
  { orderId, status: to, ...rest }: UpdateOrderStatusInput,
  actorId: string,
): Promise<UpdateOrderStatusOutcome> {
  const parsed = text.safeParse(rest);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { trackingNumber, note } = parsed.data;
  if (trackingNumber !== null && to !== 'SHIPPED') {
    return { kind: 'invalid-input', issues: [{ path: 'trackingNumber', message: 'is allowed with SHIPPED only' }] };
  }
  if (!isUuid(orderId)) return { kind: 'not-found', orderId };
  return database.transact(async (tx) => {
    const order = await lockOrderFor(tx, orderId, actorId);
    if (!order) return { kind: 'not-found', orderId };
    const step = decideFulfilment(order, { to, trackingNumber, note, actorId, at: now() });
    if (!step) return { kind: 'invalid-transition', from: order.status, to };

    await changeOrders(tx, [step], [orderWasUpdated(step.order, step.from)]);
    return { kind: 'updated', order: step.order };
  });
}
