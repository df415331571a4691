import { type CountLimit, insertRows, rowTable, uuidv7 } from '@shop/subgraph';
import type { Movement } from '../domain/stock.ts';
import type { Database, Transaction } from './database.ts';
import { Prisma, type StockMovement } from './generated/client.ts';
import { setBalances } from './stocks.ts';

export type { StockMovement };

const table = rowTable('stock_movements', Prisma.StockMovementScalarFieldEnum);

/** Who caused the movement, and why. */
export interface MovementCause {
  readonly reason?: string;
  readonly orderId?: string;
  readonly actorId?: string | null;
  readonly idempotencyKey?: string;
  readonly fingerprint?: string;
  readonly at: Date;
}

/** Writes ledger rows together with the resulting balances. The caller has locked the stocks. */
export async function recordMovements(
  tx: Transaction,
  movements: readonly Movement[],
  { at, ...cause }: MovementCause,
): Promise<StockMovement[]> {
  if (movements.length === 0) return [];
  await setBalances(tx, movements);
  const { reason = null, orderId = null, actorId = null, idempotencyKey = null, fingerprint = null } = cause;
  const rows = movements.map(({ type, onHandDelta, reservedDelta, after }) => ({
    id: uuidv7(),
    productId: after.productId,
    sequence: after.sequence,
    type,
    onHandDelta,
    reservedDelta,
    onHandAfter: after.onHand,
    reservedAfter: after.reserved,
    reason,
    orderId,
    actorId,
    idempotencyKey,
    fingerprint,
    createdAt: at,
  }));
  await insertRows(tx, table, rows);
  return rows;
}

export function loadMovementByKey(tx: Transaction, actorId: string, idempotencyKey: string) {
  return tx.stockMovement.findUnique({ where: { actorId_idempotencyKey: { actorId, idempotencyKey } } });
}

/** Lists a product's ledger, newest first. */
export function listMovements(
  { client }: Database,
  productId: string,
  { limit, before }: { limit: number; before: number | null },
): Promise<StockMovement[]> {
  return client.stockMovement.findMany({
    where: { productId, ...(before === null ? {} : { sequence: { lt: before } }) },
    orderBy: { sequence: 'desc' },
    take: limit,
  });
}

/** Counts a product's ledger, up to the limit. */
export function countMovements({ client }: Database, productId: string, limit: CountLimit): Promise<number> {
  return client.stockMovement.count({ where: { productId }, ...(limit === null ? {} : { take: limit }) });
}
