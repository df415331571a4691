import { issuesFrom, type InputIssue } from '@shop/subgraph';
import { z } from 'zod';
import { insertAskedReset } from '../db/asked-resets.ts';
import { accountInput } from './account-input.ts';
import type { Client, Dependencies } from './dependencies.ts';

const wish = z.object({ email: accountInput.email });

export type RequestPasswordResetOutcome =
  | { readonly kind: 'noted' }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'too-many-attempts'; readonly retryAt: Date };

/**
 * Notes that a password reset was asked for an e-mail. It never looks whether an account has the e-mail: neither answer nor time can
 * tell. A job does that within about a second.
 */
export async function requestPasswordReset(
  { database, throttle, now }: Pick<Dependencies, 'database' | 'throttle' | 'now'>,
  input: unknown,
  { ip }: Client,
): Promise<RequestPasswordResetOutcome> {
  const parsed = wish.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { email } = parsed.data;
  const attempt = await throttle.sendLink('reset', { email }, ip);
  if (!attempt.isAllowed) return { kind: 'too-many-attempts', retryAt: attempt.retryAt };
  await insertAskedReset(database, email, now());
  return { kind: 'noted' };
}
