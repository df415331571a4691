import { plannedEachTime, type SqlExecutor } from '@shop/messaging';

/** The part of a Prisma client or transaction that raw SQL needs. */
export interface RawSqlClient {
  $queryRawUnsafe(text: string, ...values: unknown[]): PromiseLike<unknown>;
}

/**
 * Runs raw SQL with `$1` placeholders over a Prisma client or transaction, in the form that `@shop/messaging` takes.
 */
export function sqlOver(client: RawSqlClient) {
  return {
    query: async <Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> =>
      (await client.$queryRawUnsafe(text, ...values)) as Row[],
  };
}

/** Lets PostgreSQL plan each statement for its values. The best plan of a list depends on its filters. */
export function planEachTime({ query }: SqlExecutor): SqlExecutor {
  return { query: (text, values) => query(plannedEachTime + text, values) };
}
