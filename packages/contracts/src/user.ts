import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { id } from './scalars.ts';

// Events of accounts never carry passwords, tokens or personal data. They name changed fields, never the values.
const account = z.object({ userId: id, role: z.enum(['CUSTOMER', 'STAFF', 'ADMIN']) });

/** The fields of an account that can change. */
export const accountFields = ['email', 'name', 'phone', 'password', 'role', 'active'] as const;

/** An account was opened. */
export const userCreated = defineEvent(
  'shop.user.created.v1',
  '/user',
  account.extend({
    /** The request by which the address is verified or, for an invited account, a password is set. Older events lack it. */
    requestId: id.optional(),
    /** True when somebody else opened it: it has no password until its owner follows the link. Older events lack it. */
    invited: z.boolean().optional(),
  }),
);
/** An account was changed; its role is the one after the change. */
export const userUpdated = defineEvent(
  'shop.user.updated.v1',
  '/user',
  account.extend({
    changed: z.array(z.enum(accountFields)).min(1),
    /** Identifies the change. When `changed` has `email`, the former address can be asked for by it, for 72 hours. Older events lack it. */
    changeId: id.optional(),
  }),
);
/** Somebody asked for a link by which a new password can be set. Unknown addresses publish nothing. */
export const passwordResetRequested = defineEvent(
  'shop.user.password_reset_requested.v1',
  '/user',
  z.object({ userId: id, requestId: id }),
);
/** A link by which an address can be verified must be sent: to the account's address, or to the one that it changes to. */
export const emailVerificationRequested = defineEvent(
  'shop.user.email_verification_requested.v1',
  '/user',
  z.object({ userId: id, requestId: id, purpose: z.enum(['VERIFY_CURRENT', 'CHANGE']) }),
);
/**
 * Somebody asked to change the address of an account, which stays as it is until the new one is verified. The notice about it goes to
 * the address that the account had at the time of the event.
 */
export const emailChangeRequested = defineEvent(
  'shop.user.email_change_requested.v1',
  '/user',
  z.object({ userId: id, requestId: id }),
);
/**
 * Sessions were ended from outside: an access token that was issued for one of them must no longer be accepted. Only sessions that
 * may still have such a token are named.
 */
export const sessionsRevoked = defineEvent(
  'shop.user.sessions_revoked.v1',
  '/user',
  z.object({ userId: id, sessionIds: z.array(id).min(1).max(1_000) }),
);
/** An account was deleted and its personal data erased. Services that hold personal data of it erase that too. */
export const userDeleted = defineEvent(
  'shop.user.deleted.v1',
  '/user',
  account.extend({
    /** By it the former address can be asked for, for 72 hours. Older events lack it. */
    changeId: id.optional(),
  }),
);
