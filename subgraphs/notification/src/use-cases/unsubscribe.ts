import { issuesFrom, type InputIssue, plainText } from '@shop/subgraph';
import { z } from 'zod';
import { lockRecipients } from '../db/erased-accounts.ts';
import { findByUnsubscribeToken } from '../db/notifications.ts';
import { lockPreferences, savePreferences } from '../db/preferences.ts';
import type { Topic } from '../domain/notification.ts';
import { withoutChannel } from '../domain/preferences.ts';
import { readUnsubscribeToken } from '../sending/unsubscribe-token.ts';
import type { Dependencies } from './dependencies.ts';

const request = z.object({ token: plainText(200).min(1) });

export type UnsubscribeOutcome =
  | { readonly kind: 'unsubscribed'; readonly topic: Topic }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'invalid-token' };

/** Turns off the e-mails about the topic of a message, for its recipient. Repeating it changes nothing. */
export async function unsubscribe(
  { database, now }: Pick<Dependencies, 'database' | 'now'>,
  input: unknown,
): Promise<UnsubscribeOutcome> {
  const parsed = request.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const found = await findByUnsubscribeToken(database, readUnsubscribeToken(parsed.data.token));
  if (found === null) return { kind: 'invalid-token' };
  const { recipientId, topic } = found;
  return database.transact(async (tx): Promise<UnsubscribeOutcome> => {
    if ((await lockRecipients(tx, [recipientId])).size > 0) return { kind: 'invalid-token' };
    const before = await lockPreferences(tx, recipientId, now());
    await savePreferences(tx, recipientId, withoutChannel(before, topic, 'EMAIL'), now());
    return { kind: 'unsubscribed', topic };
  });
}
