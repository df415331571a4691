import { createHash } from 'node:crypto';
import type { PlannedAnnouncement, PlannedMessage } from '../domain/message.ts';
import type { Channel } from '../domain/notification.ts';

/**
 * The key that makes a message unique. It is a hash, so that it stays when the recipient is erased, and a late copy of the event still
 * adds nothing.
 */
export function createMessageKey(
  { template, recipientId, about }: Pick<PlannedMessage, 'template' | 'recipientId' | 'about'>,
  channel: Channel,
): string {
  return hashParts([template, recipientId ?? '', channel, ...about]);
}

export const createAnnouncementKey = ({ template, about }: PlannedAnnouncement): string =>
  hashParts([template, ...about]);

const hashParts = (parts: readonly (string | number)[]): string =>
  createHash('sha256').update(parts.join('|')).digest('hex');
