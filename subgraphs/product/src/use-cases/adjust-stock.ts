import { appendToOutbox } from '@shop/messaging';
import {
  appendAudit,
  fingerprint,
  issuesFrom,
  isUuid,
  plainText,
  requiredText,
  sqlOver,
  type InputIssue,
  retryWhenTaken,
} from '@shop/subgraph';
import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { loadMovementByKey, recordMovements, type StockMovement } from '../db/stock-movements.ts';
import { lockStock } from '../db/stocks.ts';
import { adjust, MAX_ON_HAND } from '../domain/stock.ts';
import { inventoryWasUpdated } from '../events/outgoing.ts';
import type { Dependencies } from './dependencies.ts';

const adjustment = z.object({
  /** In small letters, so that both spellings of an id are one request. */
  productId: z.string().toLowerCase(),
  delta: z
    .int()
    .min(-MAX_ON_HAND)
    .max(MAX_ON_HAND)
    .refine((delta) => delta !== 0, 'must not be zero'),
  reason: requiredText(500),
  idempotencyKey: plainText(200).min(1),
});

export type AdjustStockOutcome =
  | { readonly kind: 'adjusted'; readonly movement: StockMovement }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'not-found'; readonly productId: string }
  | { readonly kind: 'insufficient-stock'; readonly available: number }
  | { readonly kind: 'idempotency-conflict' };

/** Adds one movement to a product's ledger. The same key with the same input returns the first movement. */
export async function adjustStock(
  { database, now }: Dependencies,
  input: unknown,
  actorId: string,
): Promise<AdjustStockOutcome> {
  const parsed = adjustment.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { productId } = parsed.data;
  if (!isUuid(productId)) return { kind: 'not-found', productId };
  // The same key at the same time on another product: the loser runs again and finds the winner's movement.
  return retryWhenTaken(() => database.transact((tx) => move(tx, parsed.data, actorId, now())));
}

async function move(
  tx: Transaction,
  input: z.infer<typeof adjustment>,
  actorId: string,
  at: Date,
): Promise<AdjustStockOutcome> {
  const { productId, delta, reason, idempotencyKey } = input;
  const stock = await lockStock(tx, productId);
  if (!stock) return { kind: 'not-found', productId };

  const earlier = await loadMovementByKey(tx, actorId, idempotencyKey);
  const print = fingerprint(input);
  if (earlier) {
    return earlier.fingerprint === print ? { kind: 'adjusted', movement: earlier } : { kind: 'idempotency-conflict' };
  }

  const decision = adjust(stock, delta);
  if (decision.kind === 'insufficient-stock') return decision;
  if (decision.kind === 'too-much') {
    return { kind: 'invalid-input', issues: [{ path: 'delta', message: `on-hand stock is ${MAX_ON_HAND} at most` }] };
  }
  const [movement] = await recordMovements(tx, [decision.movement], {
    reason,
    actorId,
    idempotencyKey,
    fingerprint: print,
    at,
  });
  await appendToOutbox(sqlOver(tx), [inventoryWasUpdated(decision.movement.after)]);
  const details = { delta, movementId: (movement as StockMovement).id };
  await appendAudit(tx, [{ actorId, action: 'STOCK_ADJUSTED', subjectId: productId, details }], at);
  return { kind: 'adjusted', movement: movement as StockMovement };
}
