import { hasScope } from '@shop/access';
import type { Viewer } from '@shop/process';
import {
  buildConnection,
  type Connection,
  countLazily,
  countTogether,
  type ListCounts,
  type PageArguments,
} from '@shop/subgraph';
import DataLoader from 'dataloader';
import {
  countNotifications,
  countNotificationsByRecipient,
  listNotifications as listRows,
  listNotificationsByRecipient,
} from '../db/notifications.ts';
import type { Notification } from '../domain/notification.ts';
import type { Dependencies } from './dependencies.ts';
import { type NotificationFilter, parseNotificationPage, readCriteria, toCursor } from './list-notifications.input.ts';

type DatabaseOnly = Pick<Dependencies, 'database'>;

/** A page of messages, newest first. They are counted only when the count is requested. */
export type NotificationConnection = Connection<Notification> & ListCounts;

/** Lists one page of all messages that the filter lets through. */
export async function listNotifications(
  { database }: DatabaseOnly,
  { filter, ...args }: PageArguments & { readonly filter?: NotificationFilter | null | undefined },
): Promise<NotificationConnection> {
  const page = parseNotificationPage(args);
  const criteria = readCriteria(filter);
  const rows = criteria ? await listRows(database, criteria, page) : [];
  return {
    ...buildConnection(rows, page, toCursor),
    ...countLazily(async (limit) => (criteria ? countNotifications(database, criteria, limit) : 0)),
  };
}

/** A page of one user's messages. */
export interface NotificationPageKey {
  readonly recipientId: string;
  readonly args: PageArguments;
}

/**
 * Loads pages of users' messages for one request. The result is null for a user whose messages the viewer may not see. Pages of several
 * users with the same arguments share a statement.
 */
export function createNotificationPageLoader({ database }: DatabaseOnly, viewer: Viewer) {
  const maySee = ({ recipientId }: NotificationPageKey) =>
    viewer.userId === recipientId || hasScope(viewer, 'notification:read');
  return new DataLoader<NotificationPageKey, NotificationConnection | null, string>(
    async (keys) => {
      const groups = new Map<string, NotificationPageKey[]>();
      for (const key of keys.filter(maySee)) {
        const name = createPageKey(key.args);
        groups.set(name, [...(groups.get(name) ?? []), key]);
      }
      const pages = new Map<NotificationPageKey, NotificationConnection | Error>();
      for (const group of groups.values()) {
        const found = await listByRecipient(database, group).catch((error: Error) => error);
        group.forEach((key, index) =>
          pages.set(key, found instanceof Error ? found : (found[index] as NotificationConnection)),
        );
      }
      return keys.map((key) => pages.get(key) ?? null);
    },
    { cacheKeyFn: ({ recipientId, args }) => `${recipientId} ${createPageKey(args)}` },
  );
}

async function listByRecipient(
  database: Dependencies['database'],
  group: readonly NotificationPageKey[],
): Promise<NotificationConnection[]> {
  const page = parseNotificationPage(group[0]?.args ?? {});
  const ids = [...new Set(group.map(({ recipientId }) => recipientId))];
  const lists = await listNotificationsByRecipient(database, ids, page);
  const countsOf = countTogether((limit) => countNotificationsByRecipient(database, ids, limit));
  return group.map(({ recipientId }) => ({
    ...buildConnection(lists.get(recipientId) ?? [], page, toCursor),
    ...countsOf(recipientId),
  }));
}

/** Creates a key that is equal for arguments of the same page. */
const createPageKey = ({ first, after, last, before }: PageArguments): string =>
  JSON.stringify([first, after, last, before].map((part) => part ?? null));
