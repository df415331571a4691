import { createToken } from '../auth/opaque-token.ts';
import { insertLinkToken } from '../db/account-requests.ts';
import { findUsers } from '../db/users.ts';
import { linkKind } from '../domain/account-request.ts';
import type { Dependencies } from './dependencies.ts';
import { readAddressLostSince, readFormerAddress } from './keep-former-address.ts';

/** Where a message goes, and the link of a message that has one. */
export interface Recipient {
  readonly recipient: { readonly email: string; readonly name: string; readonly phone: string | null } | null;
  readonly link: {
    readonly kind: 'RESET_PASSWORD' | 'VERIFY_EMAIL';
    readonly token: string;
    readonly expiresAt: Date;
  } | null;
}

const nobody: Recipient = { recipient: null, link: null };

/**
 * Finds where a message to an account goes: for a message with a link, by its request, with a new token; for a message to a former
 * e-mail, by the change; for a notice about the account's security, the e-mail at the time of its event; else the account's e-mail.
 */
export function findRecipient(
  dependencies: Pick<Dependencies, 'database' | 'sealer' | 'now'>,
  {
    userId,
    requestId,
    changeId,
    at,
  }: {
    readonly userId: string;
    readonly requestId?: string | undefined;
    readonly changeId?: string | undefined;
    readonly at?: Date | undefined;
  },
): Promise<Recipient> {
  if (requestId !== undefined) return findForLink(dependencies, { userId, requestId });
  if (changeId !== undefined) return findForFormer(dependencies, { userId, changeId });
  return findForAccount(dependencies, { userId, at });
}

async function findForLink(
  { database, now }: Pick<Dependencies, 'database' | 'now'>,
  request: { readonly userId: string; readonly requestId: string },
): Promise<Recipient> {
  const { token, hash } = createToken();
  const found = await insertLinkToken(database, { hash, ...request, at: now() });
  if (found === null) return nobody;
  const { purpose, expiresAt, ...recipient } = found;
  return { recipient, link: { kind: linkKind(purpose), token, expiresAt } };
}

async function findForFormer(
  dependencies: Pick<Dependencies, 'database' | 'sealer' | 'now'>,
  change: { readonly userId: string; readonly changeId: string },
): Promise<Recipient> {
  const email = await readFormerAddress(dependencies, change);
  if (email === null) return nobody;
  const [account] = await findUsers(dependencies.database, [change.userId]);
  return { recipient: { email, name: account?.name ?? '', phone: account?.phone ?? null }, link: null };
}

async function findForAccount(
  dependencies: Pick<Dependencies, 'database' | 'sealer'>,
  { userId, at }: { readonly userId: string; readonly at?: Date | undefined },
): Promise<Recipient> {
  const [account] = await findUsers(dependencies.database, [userId]);
  if (account === undefined) return nobody;
  const { name, phone } = account;
  const former = at === undefined ? null : await readAddressLostSince(dependencies, { userId, at });
  const { email } = former ?? account;
  return email === null ? nobody : { recipient: { email, name, phone }, link: null };
}
