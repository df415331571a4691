import { appendToOutbox } from '@shop/messaging';
import { isUniqueViolation, issuesFrom, sqlOver, type InputIssue } from '@shop/subgraph';
import { z } from 'zod';
import { lockAccount, updateProfile as updateRow } from '../db/users.ts';
import { changeProfile, type ProfileChange, type User } from '../domain/user.ts';
import { userWasUpdated } from '../events/outgoing.ts';
import { accountInput } from './account-input.ts';
import type { Dependencies, SignedIn } from './dependencies.ts';

const profile = z.object({
  email: accountInput.email.optional(),
  name: accountInput.name.optional(),
  /** An absent phone stays. Null or empty removes it. */
  phone: accountInput.phone.optional(),
});

export type UpdateProfileOutcome =
  | { readonly kind: 'updated'; readonly user: User }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'email-taken' }
  /** The account was deleted or deactivated after the access token was signed. */
  | { readonly kind: 'no-account' };

/** Changes the given fields of the caller's profile. When nothing differs, no event is sent. */
export async function updateProfile(
  dependencies: Dependencies,
  input: unknown,
  viewer: SignedIn,
): Promise<UpdateProfileOutcome> {
  const parsed = profile.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  try {
    return await change(dependencies, parsed.data, viewer);
  } catch (error) {
    if (isUniqueViolation(error)) return { kind: 'email-taken' };
    throw error;
  }
}

function change(
  { database, now }: Dependencies,
  wish: ProfileChange,
  { userId }: SignedIn,
): Promise<UpdateProfileOutcome> {
  return database.transact(async (tx) => {
    const account = await lockAccount(tx, userId);
    if (!account?.active) return { kind: 'no-account' };
    const { passwordHash: _hash, ...before } = account;
    const { user, changed } = changeProfile(before, wish, now());
    if (changed.length > 0) {
      await updateRow(tx, user);
      await appendToOutbox(sqlOver(tx), [userWasUpdated(user, changed)]);
    }
    return { kind: 'updated', user };
  });
}
