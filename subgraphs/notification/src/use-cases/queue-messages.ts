import { captureTrace } from '@shop/messaging';
import { uuidv7 } from '@shop/subgraph';
import type { Transaction } from '../db/database.ts';
import { lockRecipients } from '../db/erased-accounts.ts';
import { findOldestEventTime } from '../db/event-bounds.ts';
import { insertNotifications, type NewNotification } from '../db/new-notifications.ts';
import { createMessageKey } from '../db/message-key.ts';
import { findPreferences } from '../db/preferences.ts';
import { hasLink, type PlannedMessage } from '../domain/message.ts';
import { type Channel, topicOf } from '../domain/notification.ts';
import { channelsOf, presetPreferences } from '../domain/preferences.ts';
import type { Dependencies } from './dependencies.ts';

/** A message, and when its event happened. */
export interface EventMessage {
  readonly message: PlannedMessage;
  readonly eventTime: Date;
}

type Needs = Pick<Dependencies, 'now' | 'retentionDays'>;

/**
 * Replicas that handle two events of an order at the same moment may write the later message first. A message of an order is therefore
 * not sent at once: by then the earlier one is there, and goes first.
 */
const SETTLING_MS = 2_000;

/**
 * Writes the messages that events cause, in the transaction that marks the events as handled. A message that exists is left alone, so
 * that a repeated event adds nothing. Preferences are asked when a message is sent: they may change until then.
 */
export async function queueMessages(tx: Transaction, messages: readonly EventMessage[], needs: Needs): Promise<void> {
  await queuePlanned(tx, await withoutOld(tx, messages, needs), needs);
}

/** Writes messages whose events are not too old. */
export async function queuePlanned(
  tx: Transaction,
  messages: readonly PlannedMessage[],
  { now }: Pick<Needs, 'now'>,
): Promise<void> {
  const erased = await lockRecipients(
    tx,
    messages.flatMap(({ recipientId }) => recipientId ?? []),
  );
  await writeMessages(tx, messages, erased, now());
}

/** Writes the last messages of an account that the transaction has erased. */
export async function queueLastMessages(
  tx: Transaction,
  messages: readonly EventMessage[],
  needs: Needs,
): Promise<void> {
  await writeMessages(tx, await withoutOld(tx, messages, needs), new Set(), needs.now());
}

async function withoutOld(tx: Transaction, messages: readonly EventMessage[], needs: Needs): Promise<PlannedMessage[]> {
  const oldest = await findOldestEventTime(tx, needs);
  return messages
    .filter(({ eventTime }) => eventTime >= oldest)
    .map(({ message, eventTime }) =>
      message.toAddressOfEvent === true
        ? { ...message, content: { ...message.content, at: eventTime.toISOString() } }
        : message,
    );
}

async function writeMessages(
  tx: Transaction,
  messages: readonly PlannedMessage[],
  erased: ReadonlySet<string>,
  at: Date,
): Promise<void> {
  const preferences = await findPreferences(
    tx,
    messages.flatMap(({ recipientId }) => recipientId ?? []),
  );
  const rows = messages.flatMap((message) => {
    const wishes = preferences.get(message.recipientId ?? '') ?? presetPreferences;
    const wantsSms = channelsOf(wishes, topicOf[message.template]).includes('SMS') && !hasLink(message.template);
    const isErased = message.recipientId !== null && erased.has(message.recipientId);
    return (wantsSms ? (['EMAIL', 'SMS'] as const) : (['EMAIL'] as const)).map((channel) =>
      toRow(message, channel, isErased, at),
    );
  });
  await insertNotifications(tx, rows, at);
}

/** A message to an account that was erased in the meantime is kept without its recipient, as proof that the event had its effect. */
function toRow(message: PlannedMessage, channel: Channel, isErased: boolean, at: Date): NewNotification {
  const { template, recipientId, orderId = null, position = null, content } = message;
  return {
    id: uuidv7(),
    key: createMessageKey(message, channel),
    template,
    topic: topicOf[template],
    channel,
    status: isErased ? 'SUPPRESSED' : 'QUEUED',
    recipientId: isErased ? null : recipientId,
    orderId,
    position,
    content: isErased ? null : content,
    readyAt: orderId === null ? at : new Date(at.getTime() + SETTLING_MS),
    traceparent: captureTrace(orderId ?? recipientId ?? '')['traceparent'] ?? null,
  };
}
