import type { OrderStatus } from '@shop/client';
import type { Check } from './check.ts';
import { tell } from './check.ts';

/** Statuses of orders whose goods are reserved or shipped. */
export const HOLDING: readonly OrderStatus[] = ['RESERVED', 'PAID', 'PROCESSING', 'SHIPPED', 'DELIVERED'];

/** The units of the scarce product that orders have, and the units that the stock has reserved or shipped. */
export async function countHeld({
  databases,
  scarce,
  units,
}: Parameters<Check>[0]): Promise<{ byOrders: number; byStock: number }> {
  const [[orders], [stock]] = await Promise.all([
    databases.query<{ held: number }>(
      'order',
      `SELECT coalesce(sum(quantity), 0)::int AS held FROM order_items i JOIN orders o ON o.id = i.order_id
        WHERE product_id = $1::uuid AND o.status::text = ANY ($2::text[])`,
      [scarce, HOLDING],
    ),
    databases.query<{ on_hand: number; reserved: number }>(
      'product',
      'SELECT on_hand, reserved FROM stocks WHERE product_id = $1::uuid',
      [scarce],
    ),
  ]);
  return { byOrders: orders?.held ?? 0, byStock: stock === undefined ? 0 : units - stock.on_hand + stock.reserved };
}

/** Orders never held more units than exist, and order and stock agree about each line. */
export const checkStock: Check = async (evidence) => {
  const { databases, scarce, units } = evidence;
  const { byOrders, byStock } = await countHeld(evidence);
  const oversold = await databases.query(
    'product',
    `SELECT sequence, type, reserved_after, on_hand_after FROM stock_movements
      WHERE product_id = $1::uuid AND (reserved_after > on_hand_after OR reserved_after < 0 OR on_hand_after > $2::int) ORDER BY sequence`,
    [scarce, units],
  );
  return [
    ...(byOrders > units ? [`${byOrders} units are held by orders, and there are ${units}`] : []),
    ...(byStock > units ? [`${byStock} units are reserved or gone, and there are ${units}`] : []),
    ...tell(oversold.length, 'movements left more reserved than there was', oversold),
    ...(await compareLines(evidence)),
  ];
};

interface HeldLine {
  readonly line: string;
  readonly quantity: number;
}

/** The units of each order, by the order and by the ledger. */
async function compareLines({ databases }: Parameters<Check>[0]): Promise<string[]> {
  const [wanted, actual] = await Promise.all([
    databases.query<HeldLine>(
      'order',
      `SELECT o.status || ' ' || o.id || ' ' || product_id AS line, quantity FROM order_items i JOIN orders o ON o.id = i.order_id
        WHERE o.status::text = ANY ($1::text[])`,
      [HOLDING],
    ),
    databases.query<HeldLine & { movements: string[] }>(
      'product',
      `SELECT order_id || ' ' || product_id AS line, sum(reserved_delta)::int AS quantity,
              array_agg(type::text ORDER BY sequence) AS movements
         FROM stock_movements WHERE order_id IS NOT NULL GROUP BY order_id, product_id
       HAVING sum(reserved_delta) <> 0 OR bool_or(type = 'COMMITTED')`,
    ),
  ]);
  const ledger = new Map(actual.map((row) => [row.line, row]));
  const differences = wanted.flatMap(({ line, quantity }) => {
    const [status = '', ...rest] = line.split(' ');
    const row = ledger.get(rest.join(' '));
    ledger.delete(rest.join(' '));
    const isGone = row?.movements.includes('COMMITTED') ?? false;
    const isRight = status === 'SHIPPED' || status === 'DELIVERED' ? isGone : row?.quantity === quantity && !isGone;
    return isRight ? [] : [`${line} of ${quantity}: the ledger has ${JSON.stringify(row?.movements ?? [])}`];
  });
  return [
    ...tell(differences.length, 'lines of orders are not held as they should be', differences),
    ...tell(ledger.size, 'lines are held for orders that are over', [...ledger.values()]),
  ];
}
