import { sqlOver } from '@shop/subgraph';
import DataLoader from 'dataloader';
import type { TokenHash } from '../auth/opaque-token.ts';
import type { AccountRequest, RequestPurpose } from '../domain/account-request.ts';
import type { Database, Transaction } from './database.ts';
import { lockAccount, type Account } from './users.ts';

export async function insertRequests(tx: Transaction, requests: readonly AccountRequest[]): Promise<void> {
  await tx.accountRequest.createMany({ data: [...requests] });
}

/** Deletes requests of an account with their links. Lock the account first. */
export async function deleteRequests(
  tx: Transaction,
  userId: string,
  purposes?: readonly RequestPurpose[],
): Promise<void> {
  await tx.accountRequest.deleteMany({
    where: { userId, ...(purposes === undefined ? {} : { purpose: { in: [...purposes] } }) },
  });
}

/** Finds the request of a link that works: neither expired, nor used, and of one of the purposes. */
export function findRequestByToken(
  client: Database['client'] | Transaction,
  hash: TokenHash,
  purposes: readonly RequestPurpose[],
  at: Date,
): Promise<AccountRequest | null> {
  return client.accountRequest.findFirst({
    where: { tokens: { some: { hash } }, purpose: { in: [...purposes] }, expiresAt: { gt: at } },
  });
}

/**
 * Locks the account of a link until the transaction ends. Returns null when the link does not work, or its account is inactive. Of
 * concurrent uses the second waits, and then finds that the first has deleted the request.
 */
export async function lockAccountByToken(
  tx: Transaction,
  hash: TokenHash,
  purposes: readonly RequestPurpose[],
  at: Date,
): Promise<{ readonly account: Account; readonly request: AccountRequest } | null> {
  const found = await findRequestByToken(tx, hash, purposes, at);
  const account = found && (await lockAccount(tx, found.userId));
  if (!account?.active) return null;
  // A second query: while the first waited for the lock, the request may have been used or replaced.
  const request = await findRequestByToken(tx, hash, purposes, at);
  return request && { account, request };
}

/** Where the link of a request goes. */
export interface LinkRecipient {
  readonly purpose: RequestPurpose;
  readonly expiresAt: Date;
  readonly email: string;
  readonly name: string;
  readonly phone: string | null;
}

// The lock makes a concurrent use of another link of the request wait, or this statement for that use: then nothing is live.
const insertToken = `
WITH live AS (
  SELECT r.id, r.purpose::text AS purpose, r.expires_at AS "expiresAt", coalesce(r.email, u.email) AS email, u.name, u.phone
  FROM account_requests r JOIN users u ON u.id = r.user_id
  WHERE r.id = $2::uuid AND r.user_id = $3::uuid AND r.expires_at > $4::timestamptz AND u.active
  FOR KEY SHARE OF r
), added AS (INSERT INTO link_tokens (hash, request_id) SELECT $1, id FROM live)
SELECT purpose, "expiresAt", email, name, phone FROM live`;

/** Adds a token to a request that is live, of an active account. Returns null when there is none. */
export async function insertLinkToken(
  { client }: Database,
  { hash, requestId, userId, at }: { hash: TokenHash; requestId: string; userId: string; at: Date },
): Promise<LinkRecipient | null> {
  const [recipient] = await sqlOver(client).query<LinkRecipient>(insertToken, [hash, requestId, userId, at]);
  return recipient ?? null;
}

/** Loads the new e-mails of accounts that wait to be verified. */
export function createPendingEmailLoader({ client }: Database, now: () => Date) {
  return new DataLoader<string, string | null>(async (userIds) => {
    const pending = await listPendingEmails(client, userIds, now());
    return userIds.map((id) => pending.get(id) ?? null);
  });
}

/** Lists the new e-mails that wait to be verified, by account. */
export async function listPendingEmails(
  client: Database['client'] | Transaction,
  userIds: readonly string[],
  at: Date,
): Promise<ReadonlyMap<string, string>> {
  const requests = await client.accountRequest.findMany({
    where: { userId: { in: [...userIds] }, purpose: 'CHANGE_EMAIL', expiresAt: { gt: at } },
    orderBy: { id: 'asc' },
    select: { userId: true, email: true },
  });
  return new Map(requests.flatMap(({ userId, email }) => (email === null ? [] : [[userId, email] as const])));
}
