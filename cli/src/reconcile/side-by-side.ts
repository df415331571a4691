import type { Snapshot } from './snapshot.ts';

/** A row whose counterpart in another database has the same id. */
export interface Identified {
  readonly id: string;
}

const PAGE = 5_000;

let cursors = 0;

/**
 * Reads the rows of a query in order of id, a page at a time. The query runs once, over a cursor: with a query for each page, one that
 * sorts would sort all rows that are left each time.
 *
 * @param query takes the requested ids, or null for all.
 */
export async function* readInOrder<Row extends Identified>(
  snapshot: Snapshot,
  query: string,
  only: readonly string[] | null,
): AsyncGenerator<Row, undefined> {
  cursors += 1;
  const cursor = `rows_${cursors}`;
  await snapshot.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${query}`, [only]);
  for (;;) {
    const page = await snapshot.query<Row>(`FETCH ${PAGE} FROM ${cursor}`);
    yield* page;
    if (page.length < PAGE) break;
  }
  await snapshot.query(`CLOSE ${cursor}`);
}

/** Pairs rows that have the same id. Lower-case hexadecimal sorts as PostgreSQL sorts uuids. */
export async function* pairById<Left extends Identified, Right extends Identified>(
  left: AsyncGenerator<Left, undefined>,
  right: AsyncGenerator<Right, undefined>,
): AsyncGenerator<[Left | undefined, Right | undefined]> {
  let [a, b] = [(await left.next()).value, (await right.next()).value];
  while (a !== undefined || b !== undefined) {
    const takesA = a !== undefined && (b === undefined || a.id <= b.id);
    const takesB = b !== undefined && (a === undefined || b.id <= a.id);
    yield [takesA ? a : undefined, takesB ? b : undefined];
    if (takesA) a = (await left.next()).value;
    if (takesB) b = (await right.next()).value;
  }
}

/** Ids of aggregates with unpublished events. */
export async function findUnpublished(snapshot: Snapshot): Promise<Set<string>> {
  const rows = await snapshot.query<Identified>(
    'SELECT DISTINCT aggregate_id AS id FROM outbox WHERE published_at IS NULL',
  );
  return new Set(rows.map(({ id }) => id));
}
