import { sqlOver, type RawSqlClient } from '@shop/subgraph';
import { type ChosenChannels, type Preferences, presetPreferences } from '../domain/preferences.ts';
import type { Transaction } from './database.ts';

/** The preferences of users. Users who never chose are missing. */
export async function findPreferences(
  client: RawSqlClient,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, Preferences>> {
  if (userIds.length === 0) return new Map();
  const rows = await sqlOver(client).query<{ id: string; locale: string | null; channels: ChosenChannels }>(
    'SELECT user_id::text AS id, locale, channels FROM preferences WHERE user_id = ANY($1::uuid[])',
    [[...new Set(userIds)]],
  );
  return new Map(rows.map(({ id, ...preferences }) => [id, preferences]));
}

/** Reads the preferences of a user, and locks them until the transaction ends. */
export async function lockPreferences(tx: Transaction, userId: string, at: Date): Promise<Preferences> {
  await tx.preference.createMany({ data: { userId, channels: {}, updatedAt: at }, skipDuplicates: true });
  const [row] = await sqlOver(tx).query<Preferences>(
    'SELECT locale, channels FROM preferences WHERE user_id = $1::uuid FOR UPDATE',
    [userId],
  );
  return row ?? presetPreferences;
}

export async function savePreferences(
  tx: Transaction,
  userId: string,
  { locale, channels }: Preferences,
  at: Date,
): Promise<void> {
  await tx.preference.update({
    where: { userId },
    data: { locale, channels: { ...channels } as Record<string, string[]>, updatedAt: at },
  });
}

export async function deletePreferences(tx: Transaction, userId: string): Promise<void> {
  await tx.preference.deleteMany({ where: { userId } });
}
