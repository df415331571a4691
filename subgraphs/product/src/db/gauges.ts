import type { DatabaseGauges } from '@shop/subgraph';

interface Row {
  readonly onHand: number;
  readonly reserved: number;
  readonly soldOut: number;
}

// A catalogue has as many stocks as products: some milliseconds for each ten thousand.
const select = `
SELECT coalesce(sum(on_hand), 0)::float8 AS "onHand", coalesce(sum(reserved), 0)::float8 AS reserved,
  count(*) FILTER (WHERE on_hand <= reserved)::float8 AS "soldOut" FROM stocks`;

/** The stock of the whole catalogue. */
export const gauges: readonly DatabaseGauges[] = [
  {
    name: 'stock',
    gauges: {
      shop_stock_on_hand_units: { help: 'Units that the shop has, reserved ones included' },
      shop_stock_reserved_units: { help: 'Units that are reserved for orders' },
      shop_stock_sold_out_products: { help: 'Products without an available unit' },
    },
    maxAgeMs: 60_000,
    read: async (sql) => {
      const [row] = await sql.query<Row>(select);
      return {
        shop_stock_on_hand_units: row?.onHand ?? 0,
        shop_stock_reserved_units: row?.reserved ?? 0,
        shop_stock_sold_out_products: row?.soldOut ?? 0,
      };
    },
  },
];
