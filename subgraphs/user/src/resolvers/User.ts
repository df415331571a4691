import { hasScope } from '@shop/access';
import { isUuid, type CompleteFields } from '@shop/subgraph';
import type { Context } from '../context.ts';
import type { UserParent } from './parents.ts';
import type { UserResolvers } from './schema-types.ts';

/** Resolves a field that only the user and callers with user:read may see. It is null for everyone else. */
const personal =
  <Field extends 'email' | 'name' | 'phone' | 'role' | 'active' | 'emailVerified'>(field: Field) =>
  (user: UserParent, _args: unknown, { viewer, justSignedIn }: Context) =>
    viewer.userId === user.id || justSignedIn.has(user.id) || hasScope(viewer, 'user:read') ? user[field] : null;

export const User = {
  __resolveReference: ({ id }, { users }) => (isUuid(id) ? users.load(id.toLowerCase()) : null),
  email: personal('email'),
  name: personal('name'),
  phone: personal('phone'),
  role: personal('role'),
  active: personal('active'),
  emailVerified: personal('emailVerified'),
  pendingEmail: ({ id }, _args, { viewer, justSignedIn, pendingEmails }) =>
    viewer.userId === id || justSignedIn.has(id) ? pendingEmails.load(id) : null,
  sessions: ({ id }, _args, { viewer, sessions }) => (viewer.userId === id ? sessions.load(id) : null),
} satisfies CompleteFields<UserResolvers>;
