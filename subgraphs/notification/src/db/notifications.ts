import {
  type Bind,
  type CountLimit,
  createBinder,
  groupByParent,
  isBeyondCursor,
  limitRows,
  type Page,
  pageReader,
  selectColumns,
  selectCount,
  senseOf,
  sqlOver,
} from '@shop/subgraph';
import DataLoader from 'dataloader';
import type { Notification, Status, Topic } from '../domain/notification.ts';
import type { UnsubscribeToken } from '../sending/unsubscribe-token.ts';
import type { Database, Transaction } from './database.ts';

/** Conditions that all apply. */
export interface NotificationCriteria {
  readonly statuses: readonly Status[] | null;
  readonly topic: Topic | null;
  readonly recipientId: string | null;
  readonly orderId: string | null;
}

/** The position of a message in a list: when it was created, and its id. */
export type NotificationPage = Page<readonly [createdAt: string, id: string]>;

const columns = selectColumns('n', {
  topic: 'topic',
  channel: 'channel',
  template: 'template',
  status: 'status',
  subject: 'subject',
  attempts: 'attempts',
  lastError: 'lastError',
  createdAt: 'createdAt',
  sentAt: 'sentAt',
});
const allColumns = `n.id::text, n.recipient_id::text AS "recipientId", n.order_id::text AS "orderId", ${columns}`;

export function createNotificationLoader({ client }: Database) {
  return new DataLoader<string, Notification | null>(async (ids) => {
    const rows = await sqlOver(client).query<Notification>(
      `SELECT ${allColumns} FROM notifications n WHERE n.id = ANY($1::uuid[])`,
      [ids],
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

/** Lists messages, newest first. Returns one row more than a page, in reading order. */
export async function listNotifications(
  { lists }: Database,
  criteria: NotificationCriteria,
  page: NotificationPage,
): Promise<Notification[]> {
  const { values, bind } = createBinder();
  const { statuses, ...rest } = criteria;
  // One page for each status, directly from its index, merged into one page: rows of a rare status need no scan.
  const text =
    statuses === null
      ? selectPage(rest, [], page, bind)
      : `SELECT listed.* FROM unnest(${bind(statuses, '"NotificationStatus"[]')}) AS wanted(status)
         CROSS JOIN LATERAL (${selectPage(rest, ['n.status = wanted.status'], page, bind)}) AS listed
         ORDER BY listed."createdAt" ${sense(page)}, listed.id::uuid ${sense(page)} ${limitRows(page)}`;
  return lists.query<Notification>(text, values);
}

/** Lists the same page for each of several recipients in one statement, by recipient. */
export async function listNotificationsByRecipient(
  database: Database,
  recipientIds: readonly string[],
  page: NotificationPage,
): Promise<Map<string, Notification[]>> {
  const { values, bind } = createBinder();
  const rows = await pageReader(database, page, true).query<Notification & { recipientId: string }>(
    `SELECT listed.* FROM unnest(${bind(recipientIds, 'uuid[]')}) AS recipient(id)
     CROSS JOIN LATERAL (${selectPage({}, ['n.recipient_id = recipient.id'], page, bind)}) AS listed
     ORDER BY listed."createdAt" ${sense(page)}, listed.id::uuid ${sense(page)}`,
    values,
  );
  return groupByParent(recipientIds, rows, ({ recipientId }) => recipientId);
}

/** Counts messages, up to the limit. */
export async function countNotifications(
  { lists }: Database,
  criteria: NotificationCriteria,
  limit: CountLimit,
): Promise<number> {
  const { values, bind } = createBinder();
  const [row] = await lists.query<{ count: number }>(
    selectCount(`SELECT FROM notifications n WHERE ${conditions(criteria, bind).join(' AND ')}`, limit),
    values,
  );
  return row?.count ?? 0;
}

/** Counts the messages of each of several recipients, up to the limit. */
export async function countNotificationsByRecipient(
  { lists }: Database,
  recipientIds: readonly string[],
  limit: CountLimit,
): Promise<Map<string, number>> {
  const rows = await lists.query<{ id: string; count: number }>(
    `SELECT recipient.id::text, messages.count FROM unnest($1::uuid[]) AS recipient(id)
     CROSS JOIN LATERAL (${selectCount('SELECT FROM notifications n WHERE n.recipient_id = recipient.id', limit)}) AS messages`,
    [recipientIds],
  );
  return new Map(rows.map(({ id, count }) => [id, count]));
}

/** Queues a failed message again. Returns null when it did not fail, and the status when there is such a message. */
export async function requeueFailed(
  tx: Transaction,
  id: string,
): Promise<{ readonly status: Status; readonly notification: Notification | null } | null> {
  const [found] = await sqlOver(tx).query<{ status: Status }>(
    'SELECT status::text FROM notifications WHERE id = $1::uuid FOR UPDATE',
    [id],
  );
  if (found === undefined) return null;
  if (found.status !== 'FAILED') return { status: found.status, notification: null };
  const [notification = null] = await sqlOver(tx).query<Notification>(
    `UPDATE notifications AS n SET status = 'QUEUED', attempts = 0, last_error = NULL, handed_over_at = NULL, due_at = clock_timestamp(),
            ready_at = clock_timestamp() WHERE id = $1::uuid RETURNING ${allColumns}`,
    [id],
  );
  return { status: found.status, notification };
}

/** Finds the recipient and the topic of the message with a token. */
export async function findByUnsubscribeToken(
  { client }: Database,
  { messageId, secretHash }: UnsubscribeToken,
): Promise<{ readonly recipientId: string; readonly topic: Topic } | null> {
  const row = await client.notification.findUnique({
    where: messageId === null ? { unsubscribeHash: secretHash } : { id: messageId, unsubscribeSecretHash: secretHash },
    select: { recipientId: true, topic: true },
  });
  return row === null || row.recipientId === null ? null : { recipientId: row.recipientId, topic: row.topic };
}

/** Lists are newest first. */
const sense = (page: NotificationPage) => senseOf(page, 'DESC');

function selectPage(
  criteria: Partial<NotificationCriteria>,
  among: readonly string[],
  page: NotificationPage,
  bind: Bind,
): string {
  const isBeyond = isBeyondCursor(page, ['n.created_at', 'n.id'], 'DESC', bind);
  return `SELECT ${allColumns} FROM notifications n
    WHERE ${[...among, ...conditions(criteria, bind), isBeyond].join(' AND ')}
    ORDER BY n.created_at ${sense(page)}, n.id ${sense(page)} ${limitRows(page)}`;
}

function conditions({ statuses, topic, recipientId, orderId }: Partial<NotificationCriteria>, bind: Bind): string[] {
  return [
    'true',
    ...(statuses ? [`n.status = ANY(${bind(statuses, '"NotificationStatus"[]')})`] : []),
    ...(topic ? [`n.topic = ${bind(topic, '"NotificationTopic"')}`] : []),
    ...(recipientId ? [`n.recipient_id = ${bind(recipientId, 'uuid')}`] : []),
    ...(orderId ? [`n.order_id = ${bind(orderId, 'uuid')}`] : []),
  ];
}
