import { hasScope, isUuid } from '@shop/service';
import type { Context } from '../context.ts';
import type { User as UserRow } from '../domain/user.ts';

/** A field for the user and for callers with user:read; null for everyone else. */
const personal =
  (field: 'email' | 'name' | 'phone' | 'role' | 'active') =>
  (user: UserRow, _args: unknown, { viewer, justSignedIn }: Context) =>
    viewer.userId === user.id || justSignedIn.has(user.id) || hasScope(viewer, 'user:read') ? user[field] : null;

export const User = {
  __resolveReference: ({ id }: { id: string }, { users }: Context) => (isUuid(id) ? users.load(id.toLowerCase()) : null),
  email: personal('email'),
  name: personal('name'),
  phone: personal('phone'),
  role: personal('role'),
  active: personal('active'),
  sessions: ({ id }: UserRow, _args: unknown, { viewer, sessions }: Context) =>
    viewer.userId === id ? sessions.load(id) : null,
};
