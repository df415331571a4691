import type { Client, Dependencies } from './dependencies.ts';

/** Says that an e-mail belongs to an account, unless the client's address was told so too often: nobody shall collect e-mails. */
export async function revealTakenEmail(
  { throttle }: Pick<Dependencies, 'throttle'>,
  { ip }: Client,
): Promise<{ readonly kind: 'email-taken' } | { readonly kind: 'too-many-attempts'; readonly retryAt: Date }> {
  const attempt = await throttle.revealEmail(ip);
  return attempt.isAllowed ? { kind: 'email-taken' } : { kind: 'too-many-attempts', retryAt: attempt.retryAt };
}
