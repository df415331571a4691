import { locales } from '@shop/mail';
import { issuesFrom, type InputIssue } from '@shop/subgraph';
import { z } from 'zod';
import { lockRecipients } from '../db/erased-accounts.ts';
import { lockPreferences, savePreferences } from '../db/preferences.ts';
import { channels, topics } from '../domain/notification.ts';
import { matchLocale, type Preferences, presetPreferences } from '../domain/preferences.ts';
import type { Dependencies } from './dependencies.ts';

const topicChoice = z
  .object({
    topic: z.enum(topics),
    channels: z.array(z.enum(channels)).transform((chosen) => channels.filter((channel) => chosen.includes(channel))),
  })
  .refine(({ topic, channels: chosen }) => topic !== 'ACCOUNT' || chosen.includes('EMAIL'), {
    path: ['channels'],
    message: "Messages about the account's security cannot be turned off: ACCOUNT needs EMAIL.",
  });

const locale = z.string().transform((tag, context) => {
  const matched = matchLocale(tag, locales);
  if (matched === null) {
    context.addIssue({ code: 'custom', message: `must be a BCP 47 tag of one of the languages ${locales.join(', ')}` });
    return z.NEVER;
  }
  return matched;
});

const changes = z.object({
  locale: locale.nullish(),
  topics: z
    .array(topicChoice)
    .max(topics.length)
    .refine((chosen) => new Set(chosen.map(({ topic }) => topic)).size === chosen.length, 'must name each topic once')
    .nullish(),
});

export type UpdatePreferencesOutcome =
  | { readonly kind: 'updated'; readonly preferences: Preferences }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] };

/** Changes what the caller wants to be told. What the input leaves out stays. */
export async function updatePreferences(
  { database, now }: Pick<Dependencies, 'database' | 'now'>,
  input: unknown,
  userId: string,
): Promise<UpdatePreferencesOutcome> {
  const parsed = changes.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { locale: wanted, topics: chosen } = parsed.data;
  const preferences = await database.transact(async (tx) => {
    // The access token of a deleted account lives for minutes. Nothing is stored for it.
    if ((await lockRecipients(tx, [userId])).size > 0) return presetPreferences;
    const before = await lockPreferences(tx, userId, now());
    const after: Preferences = {
      locale: wanted ?? before.locale,
      channels: {
        ...before.channels,
        ...Object.fromEntries((chosen ?? []).map((choice) => [choice.topic, choice.channels])),
      },
    };
    await savePreferences(tx, userId, after, now());
    return after;
  });
  return { kind: 'updated', preferences };
}
