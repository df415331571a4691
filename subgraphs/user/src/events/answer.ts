import { findAccounts, findRecipient as recipientContract, findStaff } from '@shop/contracts';
import { answer } from '@shop/subgraph';
import { findUsers, listStaff } from '../db/users.ts';
import type { Dependencies } from '../use-cases/dependencies.ts';
import { findRecipient } from '../use-cases/find-recipient.ts';

/** The most accounts that one message to the staff goes to. */
const MAX_STAFF = 1_000;

type Needs = Pick<Dependencies, 'database' | 'sealer' | 'now'>;

/** Answers to requests of other services. */
export const answers = [
  answer(findAccounts, async ({ userIds }, { database }: Needs) => ({
    accounts: (await findUsers(database, userIds)).map(({ id, role, active, emailVerified }) => ({
      userId: id,
      role,
      active,
      emailVerified,
    })),
  })),
  answer(findStaff, async (_request, { database }: Needs) => ({ userIds: await listStaff(database, MAX_STAFF) })),
  answer(recipientContract, async (request, dependencies: Needs) => {
    const at = request.at === undefined ? undefined : new Date(request.at);
    const { recipient, link } = await findRecipient(dependencies, { ...request, at });
    return { recipient, link: link && { ...link, expiresAt: link.expiresAt.toISOString() } };
  }),
];
