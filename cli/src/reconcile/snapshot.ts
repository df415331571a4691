import { connect, type Target } from '../databases/targets.ts';

/** Reads one database as it was at one moment, independent of concurrent writes. */
export interface Snapshot {
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** Opens a snapshot while `work` runs. It is read only, and blocks no other session. */
export function readSnapshot<Result>(target: Target, work: (snapshot: Snapshot) => Promise<Result>): Promise<Result> {
  return connect(target, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return work({
      query: async <Row>(text: string, values: readonly unknown[] = []) =>
        (await client.query(text, [...values])).rows as Row[],
    });
  });
}
