import { type Channel, type Topic, topics } from './notification.ts';

/** The channels of the topics that a user has chosen. Other topics have their default. */
export type ChosenChannels = Readonly<Partial<Record<Topic, readonly Channel[]>>>;

export interface Preferences {
  /** Null until the user chooses one. */
  readonly locale: string | null;
  readonly channels: ChosenChannels;
}

export const presetPreferences: Preferences = { locale: null, channels: {} };

const presetChannels: readonly Channel[] = ['EMAIL'];

/** The channels of a topic. Messages about the account's security always go by e-mail. */
export function channelsOf({ channels }: Preferences, topic: Topic): readonly Channel[] {
  const chosen = channels[topic] ?? presetChannels;
  return topic === 'ACCOUNT' && !chosen.includes('EMAIL') ? ['EMAIL', ...chosen] : chosen;
}

/** Every topic with its channels. */
export const listTopics = (preferences: Preferences) =>
  topics.map((topic) => ({ topic, channels: [...channelsOf(preferences, topic)] }));

/** The preferences without a channel of a topic. Nothing changes for messages about the account's security. */
export function withoutChannel(preferences: Preferences, topic: Topic, channel: Channel): Preferences {
  if (topic === 'ACCOUNT') return preferences;
  const left = channelsOf(preferences, topic).filter((each) => each !== channel);
  return { ...preferences, channels: { ...preferences.channels, [topic]: left } };
}

/**
 * The first of `offered` with the language of a BCP 47 tag: `de` for `de-AT`. Null when there is none, and for a text that is no tag.
 */
export function matchLocale<Offered extends string>(tag: string, offered: readonly Offered[]): Offered | null {
  try {
    const { language } = new Intl.Locale(tag);
    return offered.find((locale) => locale === language) ?? null;
  } catch {
    return null;
  }
}
