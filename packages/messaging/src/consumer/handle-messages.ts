import { context, type Context, SpanKind } from '@opentelemetry/api';
import type { ReceivedEvent } from '../event.ts';
import { isTimeoutOrConflict } from '../postgres/transient.ts';
import type { SqlExecutor, Transact } from '../sql.ts';
import { describeMessage, readTrace, runUntraced, setMessages } from '../tracing/current-trace.ts';
import { type SharedWork, startSharedWork } from '../tracing/shared-work.ts';
import { groupEvents } from './group-events.ts';
import type { Message } from './message.ts';

/** The database and the consumer in which messages take effect. */
export interface Effects<Tx> {
  /** Durable name of the consumer. */
  readonly consumer: string;
  readonly transact: Transact<Tx>;
  readonly sql: (tx: Tx) => SqlExecutor;
}

/** Claims messages and handles them in one transaction. Messages that were handled before change nothing. */
export async function handleMessages<Tx>(effects: Effects<Tx>, messages: readonly Message<Tx>[]): Promise<void> {
  const relevant = messages.filter(({ isRelevant }) => isRelevant);
  const spans = startSpans(effects.consumer, relevant);
  if (spans === undefined) return runUntraced(() => handleRelevant(effects, relevant, (_events, work) => work()));
  const contexts = new Map(relevant.map(({ event }, index) => [event.id, spans.contexts[index] ?? context.active()]));
  try {
    await spans.run(() => handleRelevant(effects, relevant, (events, work) => inContexts(contexts, events, work)));
  } catch (error) {
    spans.end(error);
    throw error;
  }
  spans.end();
}

/** Runs a handler for events of which each is about another aggregate. */
type RunHandler = (events: readonly ReceivedEvent<unknown>[], work: () => Promise<void>) => Promise<void>;

async function handleRelevant<Tx>(
  { consumer, transact, sql }: Effects<Tx>,
  relevant: readonly Message<Tx>[],
  run: RunHandler,
): Promise<void> {
  const ids = relevant.map(({ event }) => event.id);
  await transact(async (tx) => {
    const claimed = await claimMessages(sql(tx), consumer, ids);
    // The same message may be in the list twice. The first one takes the claim.
    const unhandled = relevant.filter(({ event }) => claimed.delete(event.id));
    for (const { handler, events } of groupEvents(unhandled)) await run(events, () => handler.handle(events, tx));
  });
}

/** Gives each message whose trace is recorded a span in it. */
const startSpans = <Tx>(consumer: string, messages: readonly Message<Tx>[]): SharedWork | undefined =>
  startSharedWork(
    `process batch ${consumer}`,
    messages.map(({ event }) => ({
      parent: readTrace(event.headers),
      name: `process ${event.type}`,
      kind: SpanKind.CONSUMER,
      attributes: { ...describeMessage('process', 'process', event), 'messaging.consumer.group.name': consumer },
    })),
  );

/** Runs a handler so that its work for an event finds the trace of that event, by the aggregate. */
function inContexts(
  contexts: ReadonlyMap<string, Context>,
  events: readonly ReceivedEvent<unknown>[],
  work: () => Promise<void>,
): Promise<void> {
  const byAggregate = new Map(events.map(({ id, subject }) => [subject, contexts.get(id) ?? context.active()]));
  return context.with(setMessages(context.active(), byAggregate), work);
}

/** Returns whether a failure is due to these messages alone: their statements time out or conflict, and the database works. */
export async function isTheirOwn<Tx>(error: unknown, { transact, sql }: Effects<Tx>): Promise<boolean> {
  if (!isTimeoutOrConflict(error)) return false;
  try {
    await transact((tx) => sql(tx).query('SELECT 1'));
    return true;
  } catch {
    return false;
  }
}

// The same transaction resolves a dead letter of the message, since the broker may deliver it again and it may succeed.
// Sorted, so that replicas that claim the same messages wait for each other instead of deadlocking.
const claim = `
WITH received AS (
  SELECT id FROM unnest(string_to_array($2::text, ',')::uuid[]) AS id ORDER BY id
), resolved AS (
  UPDATE dead_letters SET resolved_at = clock_timestamp(), resend_requested_at = NULL
  WHERE consumer = $1::text AND message_id = ANY(string_to_array($2::text, ',')) AND resolved_at IS NULL
), claimed AS (
  INSERT INTO inbox (consumer, message_id) SELECT $1::text, id FROM received ON CONFLICT DO NOTHING RETURNING message_id
)
SELECT message_id::text AS id FROM claimed`;

/**
 * Claims messages for the transaction that has their effects. It waits for other transactions that are claiming one of them.
 *
 * @returns Ids of the messages that had no effect yet.
 */
export async function claimMessages(
  sql: SqlExecutor,
  consumer: string,
  messageIds: readonly string[],
): Promise<Set<string>> {
  if (messageIds.length === 0) return new Set();
  const rows = await sql.query<{ id: string }>(claim, [consumer, messageIds.join(',')]);
  return new Set(rows.map(({ id }) => id));
}
