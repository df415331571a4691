import { hasScope } from '@shop/access';
import { type Viewer } from '@shop/process';
import { issuesFrom, isUuid, plainText, type InputIssue } from '@shop/subgraph';
import { z } from 'zod';
import { changeOrders, lockOrderFor } from '../db/order-changes.ts';
import { loadPayments } from '../db/payments.ts';
import { isPaid, isPlacedBy, takeStep, type Order } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import type { Refund } from '../domain/refund.ts';
import { orderWasCancelled } from '../events/outgoing.ts';
import { carryOutRefunds } from './carry-out-refunds.ts';
import type { Dependencies } from './dependencies.ts';
import { recordRefunds } from './record-refunds.ts';

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

/**
 * Cancels the viewer's own order, or any for callers with order:write. The event releases reserved stock, and
 * payments are refunded.
 */
export async function cancelOrder(
  dependencies: Dependencies,
  { orderId, reason }: { orderId: string; reason?: string | null },
  viewer: Viewer,
): Promise<CancelOrderOutcome> {
  const parsed = cancellation.safeParse({ reason });
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { userId } = viewer;
  if (!isUuid(orderId) || userId === null) return { kind: 'not-found', orderId };
  const { database, now } = dependencies;
  let refunds: readonly Refund[] = [];
  const outcome = await database.transact(async (tx): Promise<CancelOrderOutcome> => {
    const order = await lockOrderFor(tx, orderId, userId);
    const isTheirs = order && (isPlacedBy(order, userId) || hasScope(viewer, 'order:write'));
    if (!isTheirs) return { kind: 'not-found', orderId };

    const change = { type: 'CANCELLED', reason: parsed.data.reason, actorId: userId, at: now() } as const;
    const step = takeStep(order, change);
    if (!step) return { kind: 'invalid-transition', from: order.status };

    await changeOrders(tx, [step], [orderWasCancelled(step.order, step.from)]);
    const payments = isPaid(order) ? await loadPayments(tx, [orderId]) : [];
    ({ refunds } = await recordRefunds(tx, payments, 'The order was cancelled.', change.at));
    return { kind: 'cancelled', order: step.order };
  });
  await carryOutRefunds(dependencies, refunds);
  return outcome;
}
