import { isPooled, StatementNames } from '@shop/messaging';
import type pg from 'pg';
import { readValues } from './read-values.ts';
import { inStatementSpan } from './trace-statements.ts';

/** The part of a pool or a connection of `pg` that runs a statement. */
type PgQueryable = Pick<pg.Pool | pg.PoolClient, 'query'>;

/**
 * How the statements of a pool are run, both Prisma's and raw ones. They have spans in recorded traces, and those that are used often are
 * prepared. Behind a pooler none is: its sessions change from transaction to transaction.
 */
export class Statements {
  readonly names: StatementNames | undefined;

  constructor(pool: pg.Pool) {
    this.names = isPooled(pool.options.connectionString ?? '') ? undefined : new StatementNames();
  }

  /** Runs a raw statement. */
  async query(
    queryable: PgQueryable,
    text: string,
    values: readonly unknown[],
    options: { readonly isAlone: boolean },
  ): Promise<unknown[]> {
    const work = () =>
      queryable.query({ name: this.names?.find(text), text, values: values as unknown[], types: readValues });
    const { rows } = await this.run(text, work, options);
    return rows as unknown[];
  }

  /** Runs the work that sends a statement. It is in a transaction or alone. */
  run<Result>(text: string, work: () => Promise<Result>, { isAlone }: { readonly isAlone: boolean }): Promise<Result> {
    const traced = () => inStatementSpan(text, work);
    return this.names === undefined ? traced() : this.names.run(text, traced, { isAlone });
  }
}
