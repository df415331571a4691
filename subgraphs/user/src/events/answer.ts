import {
  findAccounts,
  findRecipient as recipientContract,
  findRecipients as recipientsContract,
  findStaff,
} from '@shop/contracts';
import { answer } from '@shop/subgraph';
import type { z } from 'zod';
import { findUsers, listStaff } from '../db/users.ts';
import type { Dependencies } from '../use-cases/dependencies.ts';
import { findRecipient, findRecipients, type Recipient, type RecipientQuestion } from '../use-cases/find-recipient.ts';

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
  answer(recipientContract, async (question, dependencies: Needs) =>
    toAnswer(await findRecipient(dependencies, toQuestion(question))),
  ),
  answer(recipientsContract, async ({ questions }, dependencies: Needs) => ({
    answers: (await findRecipients(dependencies, questions.map(toQuestion))).map(toAnswer),
  })),
];

const toQuestion = ({ at, ...question }: z.infer<typeof recipientContract.request>): RecipientQuestion => ({
  ...question,
  at: at === undefined ? undefined : new Date(at),
});

const toAnswer = ({ recipient, link }: Recipient) => ({
  recipient,
  link: link && { ...link, expiresAt: link.expiresAt.toISOString() },
});
