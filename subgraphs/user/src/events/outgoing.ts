import { userCreated, userDeleted, userUpdated, type accountFields } from '@shop/contracts';
import { newEvent } from '@shop/messaging';
import type { User } from '../domain/user.ts';

/** A changed field of an account: its name, never its value. */
export type AccountField = (typeof accountFields)[number];

type Subject = Pick<User, 'id' | 'role'>;

export const userWasCreated = ({ id, role }: Subject) =>
  newEvent(userCreated, { aggregateId: id, data: { userId: id, role } });

/** `role` is the role after the change. */
export const userWasUpdated = ({ id, role }: Subject, changed: readonly AccountField[]) =>
  newEvent(userUpdated, { aggregateId: id, data: { userId: id, role, changed: [...changed] } });

export const userWasDeleted = ({ id, role }: Subject) =>
  newEvent(userDeleted, { aggregateId: id, data: { userId: id, role } });
