import { AsyncLocalStorage } from 'node:async_hooks';
import type pg from 'pg';

/** The part of a transaction of ours that Prisma's statements need. */
export interface Adopted {
  /** @throws TransactionEndedError */
  requireConnection(): pg.PoolClient;
}

const adopting = new AsyncLocalStorage<Adopted>();

/** Runs work in which Prisma begins a transaction: it becomes a part of ours, on the same connection, and neither begins nor ends it. */
export function adopt<Result>(transaction: Adopted, work: () => Result): Result {
  return adopting.run(transaction, work);
}

export function isAdopting(): boolean {
  return adopting.getStore() !== undefined;
}

/** A statement that begins or ends a transaction. */
export function isControl(text: string): boolean {
  return text === 'BEGIN' || text === 'COMMIT' || text === 'ROLLBACK';
}

/** Returns the connection that Prisma gets in {@link adopt}, which does not begin or end a transaction and stays with ours. */
export function findAdopted(): pg.PoolClient | undefined {
  const transaction = adopting.getStore();
  if (transaction === undefined) return undefined;
  const done: Pick<pg.QueryResult, 'rows' | 'fields' | 'rowCount'> = { rows: [], fields: [], rowCount: 0 };
  const members: Partial<Record<string | symbol, unknown>> = {
    query: async (query: { readonly text: string }) =>
      isControl(query.text) ? done : transaction.requireConnection().query(query),
    release: () => {},
  };
  const connection = transaction.requireConnection();
  return new Proxy(connection, {
    get(target, member) {
      if (Object.hasOwn(members, member)) return members[member];
      const value: unknown = Reflect.get(target, member);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
