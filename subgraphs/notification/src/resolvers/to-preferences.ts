import { locales } from '@shop/mail';
import { listTopics, type Preferences } from '../domain/preferences.ts';

/** Maps preferences to the schema's type, with the defaults. */
export const toPreferences = (preferences: Preferences) => ({
  locale: preferences.locale ?? locales[0],
  topics: listTopics(preferences),
});
