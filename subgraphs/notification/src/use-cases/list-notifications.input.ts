import { isUuid, type PageArguments, parsePage } from '@shop/subgraph';
import { z } from 'zod';
import type { NotificationCriteria, NotificationPage } from '../db/notifications.ts';
import type { Notification, Status, Topic } from '../domain/notification.ts';

/** The input as in the schema. */
export interface NotificationFilter {
  readonly status?: readonly Status[] | null;
  readonly topic?: Topic | null;
  readonly recipientId?: string | null;
  readonly orderId?: string | null;
}

/** Reads a filter. Returns null when no message can match. */
export function readCriteria(filter: NotificationFilter | null | undefined): NotificationCriteria | null {
  const { status, topic = null, recipientId = null, orderId = null } = filter ?? {};
  if (status?.length === 0 || ![recipientId, orderId].every((id) => id === null || isUuid(id))) return null;
  return { statuses: status ? [...new Set(status)] : null, topic, recipientId, orderId };
}

const cursor = z.tuple([z.iso.datetime(), z.uuid()]);

export const parseNotificationPage = (args: PageArguments): NotificationPage => parsePage(args, cursor);

export const toCursor = ({ createdAt, id }: Notification): [string, string] => [createdAt.toISOString(), id];
