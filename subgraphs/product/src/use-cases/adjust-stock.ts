import { appendToOutbox } from '@shop/messaging';
import {
  fingerprint,
  isUniqueViolation,
  issuesFrom,
  isUuid,
  plainText,
  sqlOver,
  type InputIssue,
} from '@shop/subgraph';
import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { loadMovementByKey, recordMovements, type StockMovement } from '../db/stock-movements.ts';
import { lockStock } from '../db/stocks.ts';
import { adjust, MAX_ON_HAND } from '../domain/stock.ts';
import { inventoryWasUpdated } from '../events/outgoing.ts';
import type { Dependencies } from './dependencies.ts';

const adjustment = z.object({
  productId: z.string(),
  delta: z
    .int()
    .min(-MAX_ON_HAND)
    .max(MAX_ON_HAND)
    .refine((delta) => delta !== 0, 'must not be zero'),
  reason: plainText(500).trim().min(1),
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
  const attempt = () => database.transact((tx) => move(tx, parsed.data, actorId, now()));
  // The same key at the same time on another product: the loser runs again and finds the winner's movement.
  return attempt().catch((error: unknown) => {
    if (isUniqueViolation(error)) return attempt();
    throw error;
  });
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
  return { kind: 'adjusted', movement: movement as StockMovement };
}
