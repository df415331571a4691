import type { Difference } from '../difference.ts';
import type { Snapshot } from '../snapshot.ts';

/** The reserved stock of a product is the sum of its open reservations. */
export async function checkReservations(snapshot: Snapshot): Promise<Difference[]> {
  const rows = await snapshot.query<{ id: string; sku: string | null; reserved: number; held: string }>(`
    SELECT coalesce(s.product_id, o.product_id) AS id, p.sku, coalesce(s.reserved, 0) AS reserved, coalesce(o.held, 0) AS held
      FROM stocks s
      FULL JOIN (SELECT l.product_id, sum(l.quantity) AS held
                   FROM reservations r JOIN reservation_lines l USING (order_id)
                  WHERE r.status = 'RESERVED' GROUP BY l.product_id) o ON o.product_id = s.product_id
      LEFT JOIN products p ON p.id = coalesce(s.product_id, o.product_id)
     WHERE coalesce(s.reserved, 0) <> coalesce(o.held, 0)
     ORDER BY 1`);
  return rows.map(({ id, sku, reserved, held }) => ({
    check: 'reservations',
    subject: `${sku ?? 'unknown product'} (${id})`,
    message: `${reserved} are reserved, and the open reservations hold ${held}`,
  }));
}
