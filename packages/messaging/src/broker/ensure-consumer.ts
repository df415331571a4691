import { AckPolicy, DeliverPolicy, nanos, ReplayPolicy } from 'nats';
import type {
  Consumer,
  ConsumerConfig,
  ConsumerInfo,
  ConsumerUpdateConfig,
  JetStreamManager,
  NatsConnection,
} from 'nats';
import type { ConsumerDefinition } from '../topology.ts';
import { durableName } from '../topology.ts';
import { isNotFound } from './api-error.ts';
import { isNats210OrNewer } from './server-version.ts';

/** The broker's settings for the delivery of a durable consumer's messages. */
export interface DeliverySettings {
  /** Milliseconds after which the broker delivers an unanswered message again. */
  readonly ackWaitMs: number;
  /** Maximum number of unanswered messages at a time, over all replicas. */
  readonly maxAckPending: number;
}

const apiTimeoutMs = 5_000;

/**
 * Creates the durable consumer, or updates its configuration.
 *
 * A consumer whose position is beyond the end of its stream would skip the messages that take the lost places. It is
 * made again, as is one that shall be reset, and gets the messages of the last minute. Those that it lacks beyond that
 * are handed over by the publisher.
 */
export async function ensureConsumer(
  nats: NatsConnection,
  definition: ConsumerDefinition,
  settings: DeliverySettings,
  { isReset }: { readonly isReset: boolean },
): Promise<Consumer> {
  const { stream } = definition;
  const name = durableName(definition);
  const manager = await nats.jetstreamManager({ checkAPI: false, timeout: apiTimeoutMs });
  const changeable = {
    ack_wait: nanos(settings.ackWaitMs),
    max_ack_pending: settings.maxAckPending,
    // The consumer decides when to give up, and keeps the message as a dead letter. The broker would drop it.
    max_deliver: -1,
    ...createFilters(nats, definition),
  } satisfies ConsumerUpdateConfig;
  const info = await find(manager, stream, name);
  // Read after the consumer. In the other order, the consumer could seem to be ahead of the stream.
  const { state } = await manager.streams.info(stream);
  const isUseless = info && (isReset || info.delivered.stream_seq > state.last_seq);
  if (isUseless) await manager.consumers.delete(stream, name);
  if (!info || isUseless) {
    const start = isUseless ? startAgain() : { deliver_policy: DeliverPolicy.All };
    await manager.consumers.add(stream, { ...fixed, ...start, ...changeable, durable_name: name });
  } else if (differs(info.config, changeable)) await manager.consumers.update(stream, name, changeable);
  return nats.jetstream({ timeout: apiTimeoutMs }).consumers.get(stream, name);
}

const fixed = {
  ack_policy: AckPolicy.Explicit,
  replay_policy: ReplayPolicy.Instant,
} satisfies Partial<ConsumerConfig>;

const startAgainMs = 60_000;

function startAgain(): Partial<ConsumerConfig> {
  const start = new Date(Date.now() - startAgainMs).toISOString();
  return { deliver_policy: DeliverPolicy.StartTime, opt_start_time: start };
}

/** Before NATS 2.10 a consumer has one filter at most. There it gets all messages, and acknowledges other subjects unread. */
function createFilters(nats: NatsConnection, { subjects }: ConsumerDefinition): { filter_subjects?: string[] } {
  return isNats210OrNewer(nats) ? { filter_subjects: [...subjects] } : {};
}

function differs(actual: ConsumerConfig, wanted: ConsumerUpdateConfig): boolean {
  return (
    actual.ack_wait !== wanted.ack_wait ||
    actual.max_ack_pending !== wanted.max_ack_pending ||
    actual.max_deliver !== wanted.max_deliver ||
    [...(actual.filter_subjects ?? [])].sort().join() !== [...(wanted.filter_subjects ?? [])].sort().join()
  );
}

async function find(manager: JetStreamManager, stream: string, name: string): Promise<ConsumerInfo | undefined> {
  try {
    return await manager.consumers.info(stream, name);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
