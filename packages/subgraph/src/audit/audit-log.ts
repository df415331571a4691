import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import { type RawSqlClient, sqlOver } from '../database/sql.ts';
import { isUuid } from '../database/uuid.ts';
import { plainText } from '../input/plain-text.ts';
import { buildConnection, type Connection } from '../pagination/build-connection.ts';
import { countLazily, type ListCounts, selectCount } from '../pagination/count-list.ts';
import { type PageArguments, parsePage } from '../pagination/parse-page.ts';

/** An action of somebody. It has ids and values, and no personal data: an entry outlives the account of its actor. */
export interface NewAuditEntry {
  /** The user who did it. Null for the system itself. */
  readonly actorId: string | null;
  /** In capitals, such as `ROLE_CHANGED`. */
  readonly action: string;
  /** The id of the thing that was changed. */
  readonly subjectId: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

/** An entry of the log. */
export interface AuditEntry extends Omit<NewAuditEntry, 'details'> {
  readonly id: string;
  readonly at: Date;
  readonly details: readonly { readonly name: string; readonly value: string }[];
}

/** A page of the log, newest first. Entries are counted only when the count is requested. */
export type AuditConnection = Connection<AuditEntry> & ListCounts;

export interface AuditArguments extends PageArguments {
  readonly filter?: {
    readonly actorId?: string | null;
    readonly subjectId?: string | null;
    readonly action?: string | null;
  } | null;
}

/**
 * Appends entries to the table `audit_entries`, in the transaction of what they tell. A trigger of the table refuses every change and
 * deletion.
 */
export async function appendAudit(tx: RawSqlClient, entries: readonly NewAuditEntry[], at: Date): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map((entry) => ({ id: uuidv7(), ...entry }));
  await sqlOver(tx).query(
    `INSERT INTO audit_entries (id, at, actor_id, action, subject_id, details)
     SELECT id, $2::timestamptz, "actorId", action, "subjectId", details
     FROM jsonb_to_recordset($1::jsonb) AS e(id uuid, "actorId" uuid, action text, "subjectId" text, details jsonb)`,
    [JSON.stringify(rows), at],
  );
}

const cursor = z.tuple([z.uuid()]);
const columns = 'id::text, at, actor_id::text AS "actorId", action, subject_id AS "subjectId", details';

/** Lists one page of the log, newest first. */
export async function listAudit(client: RawSqlClient, args: AuditArguments): Promise<AuditConnection> {
  const page = parsePage(args, cursor);
  const filter = parseFilter(args.filter);
  const where = `($1::uuid IS NULL OR actor_id = $1::uuid) AND ($2::text IS NULL OR subject_id = $2) AND ($3::text IS NULL OR action = $3)`;
  const isForward = page.direction === 'forward';
  const beyond = isForward ? page.after?.[0] : page.before?.[0];
  const rows =
    filter === null
      ? []
      : await sqlOver(client).query<Omit<AuditEntry, 'details'> & Pick<NewAuditEntry, 'details'>>(
          `SELECT ${columns} FROM audit_entries WHERE ${where} AND ($4::uuid IS NULL OR id ${isForward ? '<' : '>'} $4::uuid)
           ORDER BY id ${isForward ? 'DESC' : 'ASC'} LIMIT $5`,
          [...filter, beyond ?? null, page.limit + 1],
        );
  const entries = rows.map(({ details, ...row }) => ({
    ...row,
    details: Object.entries(details).map(([name, value]) => ({ name, value: String(value) })),
  }));
  return {
    ...buildConnection(entries, page, ({ id }) => [id]),
    ...countLazily(async (limit) => {
      if (filter === null) return 0;
      const [row] = await sqlOver(client).query<{ count: number }>(
        selectCount(`SELECT FROM audit_entries WHERE ${where}`, limit),
        filter,
      );
      return row?.count ?? 0;
    }),
  };
}

/** Returns null when nothing can match. */
function parseFilter(filter: AuditArguments['filter']): [string | null, string | null, string | null] | null {
  const { actorId = null, subjectId = null, action = null } = filter ?? {};
  const isSearchable = [subjectId, action].every((text) => text === null || plainText(200).safeParse(text).success);
  return isSearchable && (actorId === null || isUuid(actorId)) ? [actorId, subjectId, action] : null;
}
