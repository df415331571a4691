import pg from 'pg';
import type { Subgraph } from '../manifest.ts';
import type { Release } from './release.ts';

/** The three databases of a running release. */
export interface Databases {
  query<Row>(subgraph: Subgraph, text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs a statement in a transaction that stays open and keeps its locks until it is released or the server stops. */
  hold(subgraph: Subgraph, text: string, values?: readonly unknown[]): Promise<Hold>;
  close(): Promise<void>;
}

/** Held locks. */
export interface Hold {
  release(): Promise<void>;
}

export async function openDatabases(release: Release): Promise<Databases> {
  const open = async (subgraph: Subgraph): Promise<pg.Pool> => {
    const pool = new pg.Pool({ connectionString: await release.databaseUrl(subgraph) });
    pool.on('error', ignoreEnd);
    return pool;
  };
  const pools = { user: await open('user'), product: await open('product'), order: await open('order') };
  return {
    query: async <Row>(subgraph: Subgraph, text: string, values: readonly unknown[] = []) =>
      (await pools[subgraph].query(text, [...values])).rows as Row[],
    async hold(subgraph, text, values = []) {
      const client = new pg.Client({ connectionString: await release.databaseUrl(subgraph) });
      client.on('error', ignoreEnd);
      await client.connect();
      await client.query('BEGIN');
      await client.query(text, [...values]);
      return { release: () => client.end() };
    },
    close: async () => void (await Promise.all(Object.values(pools).map((pool) => pool.end()))),
  };
}

/** The server ends open sessions when it stops. */
const ignoreEnd = (): void => {};
