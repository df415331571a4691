import type { DatabaseGauges } from '@shop/subgraph';

/** By the index over the end of sessions. */
const select = 'SELECT count(*)::float8 AS open FROM sessions WHERE expires_at > clock_timestamp()';

/** The sessions of all accounts. */
export const gauges: readonly DatabaseGauges[] = [
  {
    name: 'sessions',
    gauges: { shop_sessions_open: { help: 'Sessions that have neither expired nor ended' } },
    maxAgeMs: 60_000,
    read: async (sql) => {
      const [row] = await sql.query<{ open: number }>(select);
      return { shop_sessions_open: row?.open ?? 0 };
    },
  },
];
