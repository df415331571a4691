import { sqlOver } from '@shop/subgraph';
import type { MessageContent, PlannedAnnouncement } from '../domain/message.ts';
import type { Transaction } from './database.ts';

export interface Announcement extends PlannedAnnouncement {
  readonly id: string;
}

/** Inserts messages to the staff, except those whose key exists. */
export async function insertAnnouncements(
  tx: Transaction,
  announcements: readonly (Announcement & { readonly key: string })[],
  at: Date,
): Promise<void> {
  await tx.announcement.createMany({
    data: announcements.map(({ id, key, template, about, content }) => ({
      id,
      key,
      template,
      about: about.map(String),
      content: content as object,
      createdAt: at,
      dueAt: at,
    })),
    skipDuplicates: true,
  });
}

/** Locks messages that the staff do not have yet. Other replicas skip them. */
export async function lockDueAnnouncements(tx: Transaction, limit: number): Promise<Announcement[]> {
  return sqlOver(tx).query<Announcement & { content: MessageContent }>(
    `SELECT id::text, template, about, content FROM announcements
      WHERE done_at IS NULL AND due_at <= clock_timestamp() ORDER BY due_at LIMIT $1::int FOR UPDATE SKIP LOCKED`,
    [limit],
  );
}

export async function completeAnnouncements(tx: Transaction, ids: readonly string[], at: Date): Promise<void> {
  await tx.announcement.updateMany({ where: { id: { in: [...ids] } }, data: { doneAt: at } });
}
