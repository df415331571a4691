import { sqlOver, uuidv7 } from '@shop/subgraph';
import { emailKey } from '../domain/email.ts';
import type { Role } from '../domain/role.ts';
import type { Database, Transaction } from './database.ts';

/** Notes that a password reset was asked for an e-mail, known or not. One statement, so that both take the same time. */
export async function insertAskedReset({ client }: Database, email: string, askedAt: Date): Promise<void> {
  await client.askedReset.create({ data: { id: uuidv7(), emailKey: emailKey(email), askedAt } });
}

/** An active account for which a reset was asked. */
export interface AskedAccount {
  readonly id: string;
  readonly role: Role;
  readonly askedAt: Date;
}

/** Takes the oldest resets that were asked. Replicas take different ones. Returns how many, and the active accounts among them. */
export async function takeAskedResets(
  tx: Transaction,
  limit: number,
): Promise<{ readonly taken: number; readonly accounts: readonly AskedAccount[] }> {
  const sql = sqlOver(tx);
  const asked = await sql.query<{ emailKey: string; askedAt: Date }>(
    `DELETE FROM asked_resets WHERE id IN (SELECT id FROM asked_resets ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
     RETURNING email_key AS "emailKey", asked_at AS "askedAt"`,
    [limit],
  );
  if (asked.length === 0) return { taken: 0, accounts: [] };
  const timesOf = new Map<string, Date[]>();
  for (const { emailKey: key, askedAt } of asked) timesOf.set(key, [...(timesOf.get(key) ?? []), askedAt]);
  const users = await sql.query<{ id: string; role: Role; emailKey: string }>(
    `SELECT id::text, role::text AS role, email_key AS "emailKey" FROM users WHERE email_key = ANY($1::text[]) AND active
     ORDER BY id FOR KEY SHARE`,
    [[...timesOf.keys()]],
  );
  const accounts = users.flatMap(({ id, role, emailKey: key }) =>
    (timesOf.get(key) ?? []).map((askedAt) => ({ id, role, askedAt })),
  );
  return { taken: asked.length, accounts };
}
