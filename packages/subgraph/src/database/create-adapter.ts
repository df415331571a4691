import { PrismaPg } from '@prisma/adapter-pg';
import { isPooled, StatementNames } from '@shop/messaging';
import type pg from 'pg';
import { traceStatements } from './trace-statements.ts';

/**
 * Creates the adapter over which a Prisma client uses a pool, see `openPool`. Its statements have spans in recorded traces, and those that
 * are used often are prepared. Behind a pooler none is: its sessions change from transaction to transaction.
 */
export function createAdapter(pool: pg.Pool): PrismaPg {
  const options = { disposeExternalPool: true };
  if (isPooled(pool.options.connectionString ?? '')) return traceStatements(new PrismaPg(pool, options));
  const names = new StatementNames();
  // A statement without a name is not prepared. The type does not say so.
  const statementNameGenerator = ({ sql }: { sql: string }) => names.find(sql) as string;
  const adapter = new PrismaPg(pool, { ...options, statementNameGenerator });
  return traceStatements(adapter, (text, work, isAlone) => names.run(text, work, { isAlone }));
}
