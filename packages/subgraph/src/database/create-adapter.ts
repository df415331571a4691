import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { findAdopted, isAdopting, isControl } from './adopted-connection.ts';
import { override } from './override.ts';
import type { Statements } from './statements.ts';

/** The part of Prisma's driver adapters through which each statement goes. */
interface Queryable {
  queryRaw(query: { readonly sql: string }): Promise<unknown>;
  executeRaw(query: { readonly sql: string }): Promise<unknown>;
}

interface Connection extends Queryable {
  startTransaction(...args: never[]): Promise<Queryable>;
}

/**
 * Creates the adapter over which a Prisma client uses a pool, and which does not close it. Its statements are run as all others of the
 * pool. Transactions that Prisma begins in `adopt` are parts of ours.
 */
export function createAdapter(pool: pg.Pool, statements: Statements): PrismaPg {
  const { names } = statements;
  const shared = override(pool, { connect: async () => findAdopted() ?? pool.connect() });
  // A statement without a name is not prepared. The type does not say so.
  const naming =
    names === undefined ? {} : { statementNameGenerator: ({ sql }: { sql: string }) => names.find(sql) as string };
  const adapter = new PrismaPg(shared, naming);
  return override(adapter, { connect: async () => watchConnection(await adapter.connect(), statements) });
}

function watchConnection(connection: Connection, statements: Statements): Connection {
  const begin = connection.startTransaction.bind(connection);
  connection.startTransaction = async (...args) => {
    if (!isAdopting()) {
      const transaction = await statements.run('BEGIN', () => begin(...args), { isAlone: true });
      return watchAll(transaction, (text, work) => statements.run(text, work, { isAlone: false }));
    }
    const transaction = await begin(...args);
    return watchAll(transaction, (text, work) =>
      isControl(text) ? work() : statements.run(text, work, { isAlone: false }),
    );
  };
  return watchAll(connection, (text, work) => statements.run(text, work, { isAlone: true }));
}

function watchAll<Target extends Queryable>(
  target: Target,
  run: <Result>(text: string, work: () => Promise<Result>) => Promise<Result>,
): Target {
  const queryRaw = target.queryRaw.bind(target);
  const executeRaw = target.executeRaw.bind(target);
  target.queryRaw = (query) => run(query.sql, () => queryRaw(query));
  target.executeRaw = (query) => run(query.sql, () => executeRaw(query));
  return target;
}
