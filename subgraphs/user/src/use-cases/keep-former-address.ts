import type { Transaction } from '../db/database.ts';
import {
  findFormerAddress,
  findNextFormerAddress,
  insertFormerAddress,
  listFormerAddresses,
} from '../db/former-addresses.ts';
import { FORMER_ADDRESS_KEPT_MS } from '../domain/account-request.ts';
import type { Dependencies } from './dependencies.ts';

/** A sealed e-mail belongs to one change of one account. */
const ownerOf = (change: { changeId: string; userId: string }) => `${change.changeId}/${change.userId}`;
const keptSince = (at: Date) => new Date(at.getTime() - FORMER_ADDRESS_KEPT_MS);

/** Keeps an e-mail that an account loses, encrypted, for the notice that goes there. A job deletes it after 72 hours. */
export async function keepFormerAddress(
  tx: Transaction,
  { sealer }: Pick<Dependencies, 'sealer'>,
  { email, at, ...change }: { changeId: string; userId: string; email: string; at: Date },
): Promise<void> {
  await insertFormerAddress(tx, { ...change, sealed: sealer.seal(email, ownerOf(change)), createdAt: at });
}

/** Reads the e-mail that an account had before a change. Returns null when it is not kept, or was sealed with another key. */
export async function readFormerAddress(
  { database, sealer, now }: Pick<Dependencies, 'database' | 'sealer' | 'now'>,
  change: { changeId: string; userId: string },
): Promise<string | null> {
  const kept = await findFormerAddress(database, { ...change, since: keptSince(now()) });
  return kept && sealer.open(kept.sealed, ownerOf(change));
}

/**
 * Reads the e-mail that an account had at a moment and has lost since. Returns null when it has lost none since then, as far as that is
 * kept. The e-mail is null when it was sealed with another key.
 */
export async function readAddressLostSince(
  { database, sealer }: Pick<Dependencies, 'database' | 'sealer'>,
  account: { userId: string; at: Date },
): Promise<{ readonly email: string | null } | null> {
  const kept = await findNextFormerAddress(database, account);
  return kept && { email: sealer.open(kept.sealed, ownerOf(kept)) };
}

/** Lists the e-mails that an account had and that are still kept, newest first. */
export async function listFormerEmails(
  { database, sealer, now }: Pick<Dependencies, 'database' | 'sealer' | 'now'>,
  userId: string,
): Promise<string[]> {
  const kept = await listFormerAddresses(database, userId, keptSince(now()));
  return kept.flatMap((address) => sealer.open(address.sealed, ownerOf(address)) ?? []);
}
