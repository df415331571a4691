import { hasScope, issuesFrom, isUuid, plainText, type InputIssue, type Viewer } from '@shop/service';
import { z } from 'zod';
import { isErased } from '../db/erased-accounts.ts';
import { changeOrders, lockOrder } from '../db/order-changes.ts';
import { applyChange, isPlacedBy, type Order } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import { orderWasCancelled } from '../events/outgoing.ts';
import type { Dependencies } from './dependencies.ts';

const cancellation = z.object({
  reason: plainText(500)
    .trim()
    .nullish()
    .transform((reason) => reason || null),
});

export type CancelOrderOutcome =
  | { readonly kind: 'cancelled'; readonly order: Order }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'not-found'; readonly orderId: string }
  | { readonly kind: 'invalid-transition'; readonly from: OrderStatus };

/** Cancels an order of the viewer's own, or any for callers with order:write. What is reserved is released on hearing of it. */
export async function cancelOrder(
  { database, now }: Dependencies,
  { orderId, reason }: { orderId: string; reason?: string | null },
  viewer: Viewer,
): Promise<CancelOrderOutcome> {
  const parsed = cancellation.safeParse({ reason });
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  if (!isUuid(orderId)) return { kind: 'not-found', orderId };
  return database.transact(async (tx) => {
    if (viewer.userId !== null && (await isErased(tx, viewer.userId))) return { kind: 'not-found', orderId };
    const order = await lockOrder(tx, orderId);
    const isTheirs = order && (isPlacedBy(order, viewer.userId) || hasScope(viewer, 'order:write'));
    if (!isTheirs) return { kind: 'not-found', orderId };

    const change = { type: 'CANCELLED', reason: parsed.data.reason, actorId: viewer.userId, at: now() } as const;
    const cancelled = applyChange(order, change);
    if (!cancelled) return { kind: 'invalid-transition', from: order.status };

    await changeOrders(tx, [{ order: cancelled, from: order.status, change }], [orderWasCancelled(cancelled, order.status)]);
    return { kind: 'cancelled', order: cancelled };
  });
}
