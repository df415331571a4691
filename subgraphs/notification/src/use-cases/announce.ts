import { uuidv7 } from '@shop/subgraph';
import { insertAnnouncements } from '../db/announcements.ts';
import type { Transaction } from '../db/database.ts';
import { findOldestEventTime } from '../db/event-bounds.ts';
import { createAnnouncementKey } from '../db/message-key.ts';
import type { PlannedAnnouncement } from '../domain/message.ts';
import type { Dependencies } from './dependencies.ts';

/** A message to the staff, and when its event happened. */
export interface EventAnnouncement {
  readonly announcement: PlannedAnnouncement;
  readonly eventTime: Date;
}

/**
 * Writes messages to the staff, in the transaction that marks their events as handled. `handOutAnnouncements` finds out who the staff
 * are: a transaction must not wait for another service.
 */
export async function announce(
  tx: Transaction,
  announcements: readonly EventAnnouncement[],
  { now, retentionDays }: Pick<Dependencies, 'now' | 'retentionDays'>,
): Promise<void> {
  if (announcements.length === 0) return;
  const oldest = await findOldestEventTime(tx, { now, retentionDays });
  const rows = announcements
    .filter(({ eventTime }) => eventTime >= oldest)
    .map(({ announcement }) => ({ id: uuidv7(), key: createAnnouncementKey(announcement), ...announcement }));
  await insertAnnouncements(tx, rows, now());
}
