import type { Role } from './role.ts';

export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly phone: string | null;
  readonly role: Role;
  readonly active: boolean;
  /** True when the user has shown that the e-mail is theirs. */
  readonly emailVerified: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The fields that users may change at once. Undefined fields stay. */
export interface ProfileChange {
  readonly name?: string | undefined;
  readonly phone?: string | null | undefined;
}

/** Applies a change. Returns the account and the names of the fields that differ. */
export function changeProfile(user: User, wish: ProfileChange, at: Date) {
  const wished = {
    name: wish.name ?? user.name,
    phone: wish.phone === undefined ? user.phone : wish.phone,
  };
  const changed = (['name', 'phone'] as const).filter((field) => wished[field] !== user[field]);
  return { user: changed.length === 0 ? user : { ...user, ...wished, updatedAt: at }, changed };
}
