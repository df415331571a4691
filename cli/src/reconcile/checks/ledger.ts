import type { Difference } from '../difference.ts';
import type { Snapshot } from '../snapshot.ts';

interface Balance {
  readonly id: string;
  readonly sku: string;
  readonly onHand: number | null;
  readonly reserved: number | null;
  readonly sequence: number | null;
  readonly onHandSum: string;
  readonly reservedSum: string;
  readonly count: string;
}

/** Each product has a stock, and its balances are the sums of its movements. */
export async function checkBalances(snapshot: Snapshot): Promise<Difference[]> {
  const rows = await snapshot.query<Balance>(`
    SELECT p.id, p.sku, s.on_hand AS "onHand", s.reserved, s.sequence,
           coalesce(m.on_hand, 0) AS "onHandSum", coalesce(m.reserved, 0) AS "reservedSum", coalesce(m.count, 0) AS count
      FROM products p
      LEFT JOIN stocks s ON s.product_id = p.id
      LEFT JOIN (SELECT product_id, sum(on_hand_delta) AS on_hand, sum(reserved_delta) AS reserved, count(*) AS count
                   FROM stock_movements GROUP BY product_id) m ON m.product_id = p.id
     WHERE s.product_id IS NULL OR s.on_hand <> coalesce(m.on_hand, 0) OR s.reserved <> coalesce(m.reserved, 0)
        OR s.sequence <> coalesce(m.count, 0)
     ORDER BY p.id`);
  return rows.flatMap((row) => {
    const tell = (message: string): Difference => ({ check: 'ledger', subject: `${row.sku} (${row.id})`, message });
    if (row.onHand === null) return [tell('it has no stock row')];
    return [
      row.onHand === Number(row.onHandSum)
        ? []
        : tell(`${row.onHand} are on hand, and its movements add up to ${row.onHandSum}`),
      row.reserved === Number(row.reservedSum)
        ? []
        : tell(`${row.reserved} are reserved, and its movements add up to ${row.reservedSum}`),
      row.sequence === Number(row.count)
        ? []
        : tell(`its stock has had ${row.sequence} movements, and the ledger has ${row.count}`),
    ].flat();
  });
}

interface Flag {
  readonly id: string;
  readonly sku: string;
  readonly inStock: boolean;
  readonly onHand: number;
  readonly reserved: number;
}

/** Each product is marked as in stock while a unit is available. A product without a stock is another difference. */
export async function checkInStock(snapshot: Snapshot): Promise<Difference[]> {
  const rows = await snapshot.query<Flag>(`
    SELECT p.id, p.sku, p.in_stock AS "inStock", s.on_hand AS "onHand", s.reserved
      FROM products p JOIN stocks s ON s.product_id = p.id
     WHERE p.in_stock <> (s.on_hand > s.reserved) ORDER BY p.id`);
  return rows.map(({ id, sku, inStock, onHand, reserved }) => ({
    check: 'in-stock',
    subject: `${sku} (${id})`,
    message: `it is marked as ${inStock ? 'in stock' : 'out of stock'}, and ${onHand - reserved} of its units are available`,
  }));
}

interface CountDifference {
  readonly categoryId: string | null;
  readonly onSale: boolean;
  readonly inStock: boolean;
  readonly kept: number;
  readonly counted: number;
}

/** The numbers of products that lists show are those of the products. */
export async function checkProductCounts(snapshot: Snapshot): Promise<Difference[]> {
  const rows = await snapshot.query<CountDifference>(`
    SELECT category_id AS "categoryId", on_sale AS "onSale", in_stock AS "inStock", sum(kept)::int AS kept, sum(counted)::int AS counted
      FROM (SELECT category_id, on_sale, in_stock, change AS kept, 0 AS counted FROM product_counts
            UNION ALL SELECT category_id, on_sale, in_stock, 0, count(*) FROM products GROUP BY category_id, on_sale, in_stock) AS compared
     GROUP BY category_id, on_sale, in_stock HAVING sum(kept) <> sum(counted) ORDER BY category_id, on_sale, in_stock`);
  return rows.map(({ categoryId, onSale, inStock, kept, counted }) => ({
    check: 'product-counts',
    subject: categoryId === null ? 'products without a category' : `category ${categoryId}`,
    message:
      `lists count ${kept} products that are ${onSale ? 'on sale' : 'deleted'} and ` +
      `${inStock ? 'in stock' : 'out of stock'}, and there are ${counted}`,
  }));
}

interface Link {
  readonly id: string;
  readonly sku: string;
  readonly sequence: number;
  readonly expectedSequence: number;
  readonly onHandAfter: number;
  readonly expectedOnHand: number;
  readonly reservedAfter: number;
  readonly expectedReserved: number;
}

/** Each movement starts from the balances that the one before it left. */
export async function checkChain(snapshot: Snapshot): Promise<Difference[]> {
  const rows = await snapshot.query<Link>(`
    SELECT l.product_id AS id, p.sku, l.sequence, l.expected_sequence AS "expectedSequence",
           l.on_hand_after AS "onHandAfter", l.expected_on_hand AS "expectedOnHand",
           l.reserved_after AS "reservedAfter", l.expected_reserved AS "expectedReserved"
      FROM (SELECT product_id, sequence, on_hand_after, reserved_after,
                   coalesce(lag(sequence) OVER w, 0) + 1 AS expected_sequence,
                   coalesce(lag(on_hand_after) OVER w, 0) + on_hand_delta AS expected_on_hand,
                   coalesce(lag(reserved_after) OVER w, 0) + reserved_delta AS expected_reserved
              FROM stock_movements WINDOW w AS (PARTITION BY product_id ORDER BY sequence)) l
      JOIN products p ON p.id = l.product_id
     WHERE l.sequence <> expected_sequence OR l.on_hand_after <> expected_on_hand OR l.reserved_after <> expected_reserved
     ORDER BY l.product_id, l.sequence`);
  return rows.flatMap((row) => {
    const tell = (message: string): Difference => ({ check: 'ledger', subject: `${row.sku} (${row.id})`, message });
    const movement = `movement ${row.sequence}`;
    return [
      row.sequence === row.expectedSequence
        ? []
        : tell(`${movement} follows ${row.expectedSequence - 1}: movements between them are missing`),
      row.onHandAfter === row.expectedOnHand
        ? []
        : tell(
            `${movement} leaves ${row.onHandAfter} on hand, and should leave ${row.expectedOnHand} after the movement before it`,
          ),
      row.reservedAfter === row.expectedReserved
        ? []
        : tell(
            `${movement} leaves ${row.reservedAfter} reserved, and should leave ${row.expectedReserved} after the movement before it`,
          ),
    ].flat();
  });
}
