import { listAudit, type CompleteFields } from '@shop/subgraph';
import { listAllSessions } from '../use-cases/export-personal-data.ts';
import { listFormerEmails } from '../use-cases/keep-former-address.ts';
import type { PersonalDataResolvers } from './schema-types.ts';

export const PersonalData = {
  audit: ({ account }, args, { database }) =>
    listAudit(database.client, { ...args, filter: { subjectId: account.id } }),
  formerEmails: ({ account }, _args, context) => listFormerEmails(context, account.id),
  pendingEmail: ({ account }, _args, { pendingEmails }) => pendingEmails.load(account.id),
  sessions: ({ account }, _args, context) => listAllSessions(context, account.id),
} satisfies CompleteFields<PersonalDataResolvers>;
