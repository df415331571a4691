import type { CompleteFields } from '@shop/subgraph';
import { findUser } from '../use-cases/find-user.ts';
import { listUsersPage } from '../use-cases/list-users.ts';
import type { QueryResolvers } from './schema-types.ts';

export const Query = {
  me: (_root, _args, { viewer, users }) => (viewer.userId === null ? null : users.load(viewer.userId)),
  user: (_root, { id }, context) => findUser(context, id),
  users: (_root, args, context) => listUsersPage(context, args),
} satisfies CompleteFields<QueryResolvers>;
