import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { id } from './scalars.ts';

// Events of accounts never carry a password, a token, or personal data: names of fields, never what is in them.
const account = z.object({ userId: id, role: z.enum(['CUSTOMER', 'STAFF', 'ADMIN']) });

/** What of an account can change. */
export const accountFields = ['email', 'name', 'phone', 'password', 'role', 'active'] as const;

/** An account was opened. */
export const userCreated = defineEvent('shop.user.created.v1', '/user', account);
/** An account was changed; its role is the one after the change. */
export const userUpdated = defineEvent(
  'shop.user.updated.v1',
  '/user',
  account.extend({ changed: z.array(z.enum(accountFields)).min(1) }),
);
/** An account was deleted and its personal data erased: whoever holds some that belongs to it erases that too. */
export const userDeleted = defineEvent('shop.user.deleted.v1', '/user', account);
