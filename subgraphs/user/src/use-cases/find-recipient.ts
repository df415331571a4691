import type DataLoader from 'dataloader';
import { createToken } from '../auth/opaque-token.ts';
import { insertLinkToken } from '../db/account-requests.ts';
import { createUserLoader } from '../db/users.ts';
import { linkKind } from '../domain/account-request.ts';
import type { User } from '../domain/user.ts';
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

/** The account of a message, and what decides about its address. */
export interface RecipientQuestion {
  readonly userId: string;
  readonly requestId?: string | undefined;
  readonly changeId?: string | undefined;
  readonly at?: Date | undefined;
}

type Needs = Pick<Dependencies, 'database' | 'sealer' | 'now'>;
type Accounts = Pick<DataLoader<string, User | null>, 'load'>;

const nobody: Recipient = { recipient: null, link: null };

/**
 * Finds where messages to accounts go: for a message with a link, by its request, with a new token; for a message to a former e-mail, by
 * the change; for a notice about the account's security, the e-mail at the time of its event; else the account's e-mail. Returns the
 * answers in the order of the questions.
 */
export function findRecipients(dependencies: Needs, questions: readonly RecipientQuestion[]): Promise<Recipient[]> {
  const accounts = createUserLoader(dependencies.database);
  return Promise.all(
    questions.map(({ userId, requestId, changeId, at }) => {
      if (requestId !== undefined) return findForLink(dependencies, { userId, requestId });
      if (changeId !== undefined) return findForFormer(dependencies, accounts, { userId, changeId });
      return findForAccount(dependencies, accounts, { userId, at });
    }),
  );
}

/** Finds where one message goes. */
export async function findRecipient(dependencies: Needs, question: RecipientQuestion): Promise<Recipient> {
  const [recipient = nobody] = await findRecipients(dependencies, [question]);
  return recipient;
}

async function findForLink(
  { database, now }: Pick<Needs, 'database' | 'now'>,
  request: { readonly userId: string; readonly requestId: string },
): Promise<Recipient> {
  const { token, hash } = createToken();
  const found = await insertLinkToken(database, { hash, ...request, at: now() });
  if (found === null) return nobody;
  const { purpose, expiresAt, ...recipient } = found;
  return { recipient, link: { kind: linkKind(purpose), token, expiresAt } };
}

async function findForFormer(
  dependencies: Needs,
  accounts: Accounts,
  change: { readonly userId: string; readonly changeId: string },
): Promise<Recipient> {
  const email = await readFormerAddress(dependencies, change);
  if (email === null) return nobody;
  const account = await accounts.load(change.userId);
  return { recipient: { email, name: account?.name ?? '', phone: account?.phone ?? null }, link: null };
}

async function findForAccount(
  dependencies: Pick<Needs, 'database' | 'sealer'>,
  accounts: Accounts,
  { userId, at }: { readonly userId: string; readonly at?: Date | undefined },
): Promise<Recipient> {
  const account = await accounts.load(userId);
  if (account === null) return nobody;
  const { name, phone } = account;
  const former = at === undefined ? null : await readAddressLostSince(dependencies, { userId, at });
  const { email } = former ?? account;
  return email === null ? nobody : { recipient: { email, name, phone }, link: null };
}
