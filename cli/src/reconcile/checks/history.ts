import type { Difference } from '../difference.ts';
import type { Snapshot } from '../snapshot.ts';

interface State {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly version: number;
  readonly lastStatus: string | null;
  readonly count: number;
  readonly gap: number | null;
  readonly isLastState: boolean | null;
}

/** An order agrees with its history: the entries follow each other without a gap, and the last one gives the order's state. */
export async function checkHistory(snapshot: Snapshot): Promise<Difference[]> {
  const rows = await snapshot.query<State>(`
    SELECT o.id, o.number, o.status::text, o.version, h.last_status AS "lastStatus", coalesce(h.count, 0)::int AS count, h.gap,
           h.is_last_state AS "isLastState"
      FROM every_order o
      LEFT JOIN LATERAL (
        SELECT count(*) AS count,
               max(e.to_status::text) FILTER (WHERE e.is_last) AS last_status,
               min(e.sequence) FILTER (WHERE e.sequence <> e.place OR e.from_status IS DISTINCT FROM e.before) AS gap,
               bool_or(e.is_last AND e.at = o.updated_at)
                 AND (max((e.details->>'reservedUntil')::timestamptz) FILTER (WHERE o.status = 'RESERVED'))
                     IS NOT DISTINCT FROM o.reserved_until
                 AND max(e.details->>'trackingNumber') IS NOT DISTINCT FROM o.tracking_number AS is_last_state
          FROM (SELECT sequence, from_status, to_status, at, details, row_number() OVER w AS place, lag(to_status) OVER w AS before,
                       lead(sequence) OVER w IS NULL AS is_last
                  FROM every_order_event WHERE order_id = o.id WINDOW w AS (ORDER BY sequence)) e
      ) h ON true
     WHERE h.last_status IS DISTINCT FROM o.status::text OR h.count <> o.version OR h.gap IS NOT NULL OR h.is_last_state IS NOT TRUE
     ORDER BY o.id`);
  return rows.flatMap(({ id, number, status, version, lastStatus, count, gap, isLastState }) => {
    const tell = (message: string): Difference => ({ check: 'history', subject: `order ${number} (${id})`, message });
    if (gap !== null) return [tell(`entry ${gap} of its history does not follow from the one before`)];
    if (lastStatus !== status) return [tell(`it is ${status}, and its history ends with ${lastStatus ?? 'nothing'}`)];
    if (count !== version) return [tell(`it has had ${version} changes, and its history has ${count}`)];
    return isLastState ? [] : [tell('its times or its tracking number are not those of its history')];
  });
}
