import type { Role } from './role.ts';

export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly phone: string | null;
  readonly role: Role;
  readonly active: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The fields that users may change themselves. Undefined fields stay. */
export interface ProfileChange {
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly phone?: string | null | undefined;
}

/** Applies a change. Returns the account and the names of the fields that differ. */
export function changeProfile(user: User, wish: ProfileChange, at: Date) {
  const wished = {
    email: wish.email ?? user.email,
    name: wish.name ?? user.name,
    phone: wish.phone === undefined ? user.phone : wish.phone,
  };
  const changed = (['email', 'name', 'phone'] as const).filter((field) => wished[field] !== user[field]);
  return { user: changed.length === 0 ? user : { ...user, ...wished, updatedAt: at }, changed };
}
