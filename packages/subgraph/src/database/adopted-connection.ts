import { AsyncLocalStorage } from 'node:async_hooks';
import type pg from 'pg';
import { override } from './override.ts';

/** The part of a transaction of ours that Prisma's statements need. */
export interface Adopted {
  /** @throws TransactionEndedError */
  requireConnection(): pg.PoolClient;
}

const adopting = new AsyncLocalStorage<Adopted>();
let adoptions = 0;

/** Runs work in which Prisma begins a transaction: it becomes a part of ours, on the same connection, and neither begins nor ends it. */
export async function adopt<Result>(transaction: Adopted, work: () => Promise<Result>): Promise<Result> {
  adoptions += 1;
  try {
    return await adopting.run(transaction, work);
  } finally {
    adoptions -= 1;
    // Until Node 24, each promise of the process costs more for as long as a storage is in use.
    if (adoptions === 0) adopting.disable();
  }
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
  return override(transaction.requireConnection(), {
    query: async (query: { readonly text: string }) =>
      isControl(query.text) ? done : transaction.requireConnection().query(query),
    release: () => {},
  });
}
