import { toSubjectExpression } from '../consumer/subject.ts';
import type { SqlExecutor } from '../sql.ts';
import { durableName } from '../topology.ts';
import type { ConsumerDefinition } from '../topology.ts';
import { isUnconfirmed } from './waiting.ts';

/** Events that wait, whatever their age. */
export interface Waiting {
  readonly events: number;
  /** Seconds since the oldest of them was made; 0 when there is none. */
  readonly oldestSeconds: number;
}

/** The events and messages that wait in the tables of a service. */
export interface Backlog {
  /** Events that the broker has not stored. */
  readonly pending: Waiting;
  /** Events that followers have not confirmed. `follower` is the durable name of the consumer. */
  readonly unconfirmed: readonly (Waiting & { readonly follower: string })[];
  /** Unresolved dead letters, by the durable name of the consumer. Consumers without one are left out. */
  readonly deadLetters: ReadonlyMap<string, number>;
  /** Estimates of PostgreSQL, which follow after minutes. */
  readonly rows: { readonly outbox: number; readonly inbox: number };
}

const select = `
SELECT count(*)::float8 AS events,
  coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS "oldestSeconds" FROM outbox`;

const selectRows = `
SELECT relname AS name, greatest(reltuples, 0)::float8 AS rows FROM pg_class
WHERE oid IN (to_regclass('outbox'), to_regclass('inbox'))`;

const selectDeadLetters = `
SELECT consumer, count(*)::float8 AS count FROM dead_letters WHERE resolved_at IS NULL GROUP BY consumer`;

/**
 * Reads what waits, for metrics.
 *
 * @param followers The consumers of the service's stream.
 */
export async function readBacklog(sql: SqlExecutor, followers: readonly ConsumerDefinition[]): Promise<Backlog> {
  const [pending = nothing] = await sql.query<Waiting>(`${select} WHERE published_at IS NULL`);
  const unconfirmed: (Waiting & { follower: string })[] = [];
  for (const { subjects, ...consumer } of followers) {
    const follower = durableName(consumer);
    const values = [toSubjectExpression(subjects), follower];
    const [waiting = nothing] = await sql.query<Waiting>(
      `${select} WHERE type ~ $1::text AND ${isUnconfirmed('$2')}`,
      values,
    );
    unconfirmed.push({ follower, ...waiting });
  }
  const letters = await sql.query<{ consumer: string; count: number }>(selectDeadLetters);
  const rows = new Map(
    (await sql.query<{ name: string; rows: number }>(selectRows)).map((row) => [row.name, row.rows] as const),
  );
  return {
    pending,
    unconfirmed,
    deadLetters: new Map(letters.map(({ consumer, count }) => [consumer, count])),
    rows: { outbox: rows.get('outbox') ?? 0, inbox: rows.get('inbox') ?? 0 },
  };
}

const nothing: Waiting = { events: 0, oldestSeconds: 0 };
