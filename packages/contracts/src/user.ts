import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { id } from './scalars.ts';

// Events of accounts never carry passwords, tokens or personal data. They name changed fields, never the values.
const account = z.object({ userId: id, role: z.enum(['CUSTOMER', 'STAFF', 'ADMIN']) });

/** The fields of an account that can change. */
export const accountFields = ['email', 'name', 'phone', 'password', 'role', 'active'] as const;

/** An account was opened. */
export const userCreated = defineEvent('shop.user.created.v1', '/user', account);
/** An account was changed; its role is the one after the change. */
export const userUpdated = defineEvent(
  'shop.user.updated.v1',
  '/user',
  account.extend({ changed: z.array(z.enum(accountFields)).min(1) }),
);
/** An account was deleted and its personal data erased. Services that hold personal data of it erase that too. */
export const userDeleted = defineEvent('shop.user.deleted.v1', '/user', account);
