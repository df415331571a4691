import { sqlOver } from '@shop/subgraph';
import type { MessageContent } from '../domain/message.ts';
import type { Channel, Status, Topic } from '../domain/notification.ts';
import type { Transaction } from './database.ts';

export interface NewNotification {
  readonly id: string;
  readonly key: string;
  readonly template: string;
  readonly topic: Topic;
  readonly channel: Channel;
  readonly status: Extract<Status, 'QUEUED' | 'SUPPRESSED'>;
  readonly recipientId: string | null;
  readonly orderId: string | null;
  /** Null takes the position of the order's last message. */
  readonly position: number | null;
  readonly content: MessageContent | null;
  /** Since when it may be sent. */
  readonly readyAt: Date;
  /** The trace of the event, as W3C trace context. Null when it is not recorded. */
  readonly traceparent: string | null;
}

/** Inserts messages, except those whose key exists. */
export async function insertNotifications(
  tx: Transaction,
  notifications: readonly NewNotification[],
  at: Date,
): Promise<void> {
  if (notifications.length === 0) return;
  // In the order of the keys, so that transactions with the same messages do not wait for each other in a circle.
  const rows = [...notifications].sort((one, other) => (one.key < other.key ? -1 : 1));
  await sqlOver(tx).query(
    `INSERT INTO notifications (id, key, template, topic, channel, status, recipient_id, order_id, position, content, ready_at, due_at,
            created_at, traceparent)
     SELECT n.id, n.key, n.template, n.topic, n.channel, n.status, n."recipientId", n."orderId",
            coalesce(n.position, (SELECT max(earlier.position) FROM notifications AS earlier WHERE earlier.order_id = n."orderId"), 0),
            n.content, n."readyAt", n."readyAt", $2::timestamptz, n.traceparent
       FROM jsonb_to_recordset($1::jsonb) AS n(id uuid, key text, template text, topic "NotificationTopic", channel "NotificationChannel",
            status "NotificationStatus", "recipientId" uuid, "orderId" uuid, position int, content jsonb, "readyAt" timestamptz,
            traceparent text)
     ON CONFLICT (key) DO NOTHING`,
    [JSON.stringify(rows), at],
  );
}
