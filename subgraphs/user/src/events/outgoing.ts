import {
  emailChangeRequested,
  emailVerificationRequested,
  passwordResetRequested,
  sessionsRevoked,
  userCreated,
  userDeleted,
  userUpdated,
  type accountFields,
} from '@shop/contracts';
import { newEvent } from '@shop/messaging';
import { uuidv7 } from '@shop/subgraph';
import type { AccountRequest } from '../domain/account-request.ts';
import type { User } from '../domain/user.ts';

/** A changed field of an account: its name, never its value. */
export type AccountField = (typeof accountFields)[number];

type Subject = Pick<User, 'id' | 'role'>;

/** @param request the request whose link is sent, if any */
export const userWasCreated = ({ id, role }: Subject, request: Pick<AccountRequest, 'id' | 'purpose'> | null) =>
  newEvent(userCreated, {
    aggregateId: id,
    data: {
      userId: id,
      role,
      ...(request === null ? {} : { requestId: request.id, invited: request.purpose === 'INVITATION' }),
    },
  });

export const passwordResetWasRequested = ({ id, userId }: Pick<AccountRequest, 'id' | 'userId'>) =>
  newEvent(passwordResetRequested, { aggregateId: userId, data: { userId, requestId: id } });

export const emailVerificationWasRequested = ({ id, userId, email }: Pick<AccountRequest, 'id' | 'userId' | 'email'>) =>
  newEvent(emailVerificationRequested, {
    aggregateId: userId,
    data: { userId, requestId: id, purpose: email === null ? 'VERIFY_CURRENT' : 'CHANGE' },
  });

export const emailChangeWasRequested = ({ id, userId }: Pick<AccountRequest, 'id' | 'userId'>) =>
  newEvent(emailChangeRequested, { aggregateId: userId, data: { userId, requestId: id } });

/** The sessions are those whose access tokens may still be valid. */
export const sessionsWereRevoked = (userId: string, sessionIds: readonly string[]) =>
  newEvent(sessionsRevoked, { aggregateId: userId, data: { userId, sessionIds: [...sessionIds] } });

/** `role` is the role after the change. With `changeId`, a former e-mail was kept under it. */
export const userWasUpdated = ({ id, role }: Subject, changed: readonly AccountField[], changeId = uuidv7()) =>
  newEvent(userUpdated, { aggregateId: id, data: { userId: id, role, changed: [...changed], changeId } });

export const userWasDeleted = ({ id, role }: Subject, changeId: string) =>
  newEvent(userDeleted, { aggregateId: id, data: { userId: id, role, changeId } });
