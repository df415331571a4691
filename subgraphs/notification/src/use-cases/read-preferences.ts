import { findPreferences } from '../db/preferences.ts';
import { type Preferences, presetPreferences } from '../domain/preferences.ts';
import type { Dependencies } from './dependencies.ts';

/** Reads what a user wants to be told: the defaults until they choose. */
export async function readPreferences(
  { database }: Pick<Dependencies, 'database'>,
  userId: string,
): Promise<Preferences> {
  return (await findPreferences(database.client, [userId])).get(userId) ?? presetPreferences;
}
