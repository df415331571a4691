import type { inventoryCommitted, inventoryReleased } from '@shop/contracts';
import { newEvent } from '@shop/messaging';
import type { Transaction } from '../db/database.ts';
import { changeReservations } from '../db/reservation-changes.ts';
import { balancesAfter, moveLines, type Reservation } from '../domain/reservation.ts';
import type { Movement, Stock } from '../domain/stock.ts';
import { inventoryWasUpdated } from '../events/outgoing.ts';

/** The end of open reservations. The caller has locked them and their stocks. */
interface Closing {
  readonly open: readonly Reservation[];
  readonly stocks: ReadonlyMap<string, Stock>;
  readonly status: 'RELEASED' | 'COMMITTED';
  readonly move: (stock: Stock, quantity: number) => Movement;
  readonly event: typeof inventoryReleased | typeof inventoryCommitted;
  readonly at: Date;
}

export async function closeReservations(
  tx: Transaction,
  { open, stocks, status, move, event, at }: Closing,
): Promise<void> {
  if (open.length === 0) return;
  const movements = moveLines(stocks, open, move);
  await changeReservations(tx, {
    statuses: open.map(({ orderId }) => ({ orderId, status })),
    movements,
    events: [
      ...open.map(({ orderId, lines }) =>
        newEvent(event, { aggregateId: orderId, data: { orderId, lines: [...lines] } }),
      ),
      ...balancesAfter(movements).map(inventoryWasUpdated),
    ],
    at,
  });
}
