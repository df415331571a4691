import { listAudit, type CompleteFields } from '@shop/subgraph';
import { exportPersonalData } from '../use-cases/export-personal-data.ts';
import { findUser } from '../use-cases/find-user.ts';
import { listUsersPage } from '../use-cases/list-users.ts';
import type { QueryResolvers } from './schema-types.ts';
import { requireSignedIn } from './signed-in.ts';

export const Query = {
  accountAudit: (_root, args, { database }) => listAudit(database.client, args),
  me: (_root, _args, { viewer, users }) => (viewer.userId === null ? null : users.load(viewer.userId)),
  personalData: async (_root, { userId }, context) => {
    const account = await exportPersonalData(context, userId, requireSignedIn(context));
    return account && { account };
  },
  user: (_root, { id }, context) => findUser(context, id),
  users: (_root, args, context) => listUsersPage(context, args),
} satisfies CompleteFields<QueryResolvers>;
