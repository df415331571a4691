import type { Context } from '../context.ts';

/** Forgets what this request has loaded of an account before it was changed. */
export function clearAccount({ users, pendingEmails }: Pick<Context, 'users' | 'pendingEmails'>, userId: string): void {
  users.clear(userId);
  pendingEmails.clear(userId);
}
