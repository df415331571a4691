import { coalesce, type CoalesceOptions } from './coalesce.ts';

/** A write to a socket costs more than a row: calls that come while one is running go together into the next. */
const limits: Omit<CoalesceOptions, 'name'> = { inFlight: 2, batch: 64, waiting: 4_096 };

/**
 * Lets concurrent requests of this process load rows together. Each of them gets all rows of the shared call, which began after it asked.
 *
 * @param load returns the rows that exist
 * @param name of the call, in traces
 */
export function shareLoads<Key, Row>(
  load: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Row>>,
  name: string,
): (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Row>> {
  return coalesce(
    async (asked: readonly (readonly Key[])[]) => {
      const rows = await load([...new Set(asked.flat())]);
      return asked.map(() => rows);
    },
    { name, ...limits },
  );
}
