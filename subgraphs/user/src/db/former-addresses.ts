import type { Database, Transaction } from './database.ts';

/** An encrypted e-mail that an account had. */
export interface FormerAddress {
  readonly changeId: string;
  readonly userId: string;
  readonly sealed: Uint8Array<ArrayBuffer>;
  readonly createdAt: Date;
}

export async function insertFormerAddress(tx: Transaction, address: FormerAddress): Promise<void> {
  await tx.formerAddress.create({ data: address });
}

/** Finds the e-mail that an account had before a change, when it was kept after `since`. */
export function findFormerAddress(
  { client }: Database,
  { changeId, userId, since }: { changeId: string; userId: string; since: Date },
): Promise<FormerAddress | null> {
  return client.formerAddress.findFirst({ where: { changeId, userId, createdAt: { gt: since } } });
}

/** Finds the e-mail that an account lost first after a moment: the one that it had then. Null when it has lost none since. */
export function findNextFormerAddress(
  { client }: Database,
  { userId, at }: { userId: string; at: Date },
): Promise<FormerAddress | null> {
  return client.formerAddress.findFirst({ where: { userId, createdAt: { gt: at } }, orderBy: { createdAt: 'asc' } });
}

/** Lists the e-mails that an account had, newest first. */
export function listFormerAddresses({ client }: Database, userId: string, since: Date): Promise<FormerAddress[]> {
  return client.formerAddress.findMany({
    where: { userId, createdAt: { gt: since } },
    orderBy: { changeId: 'desc' },
  });
}
