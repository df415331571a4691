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

/** How a durable consumer hands out messages. */
export interface DeliverySettings {
  /** Milliseconds after which a message that was neither acknowledged nor reported as in work is delivered again. */
  readonly ackWaitMs: number;
  /** So many messages may be unacknowledged at a time, over all replicas. */
  readonly maxAckPending: number;
}

const apiTimeoutMs = 5_000;

/**
 * Creates the durable consumer, or brings its configuration up to date.
 *
 * One that has gone beyond places of its stream that were lost begins again at the first message: it would pass over what is published
 * to those places now. It is recognised by the stream's mark, or, before the stream is filled again, by the stream being shorter.
 */
export async function ensureConsumer(
  nats: NatsConnection,
  definition: ConsumerDefinition,
  settings: DeliverySettings,
): Promise<Consumer> {
  const { stream } = definition;
  const name = durableName(definition);
  const manager = await nats.jetstreamManager({ checkAPI: false, timeout: apiTimeoutMs });
  const changeable = {
    ack_wait: nanos(settings.ackWaitMs),
    max_ack_pending: settings.maxAckPending,
    // The runner decides when to give up, as it keeps what it gives up. The broker would drop the message.
    max_deliver: -1,
    ...filters(nats, definition),
  } satisfies ConsumerUpdateConfig;
  const info = await find(manager, stream, name);
  // Looked at after the consumer: were it earlier, the consumer might seem to be ahead of it.
  const {
    config: { description = '' },
    state,
  } = await manager.streams.info(stream);
  const isAhead =
    info && (info.delivered.stream_seq > state.last_seq || (info.config.description ?? '') !== description);
  if (isAhead) await manager.consumers.delete(stream, name);
  if (!info || isAhead)
    await manager.consumers.add(stream, { ...fixed, ...changeable, durable_name: name, description });
  else if (differs(info.config, changeable)) await manager.consumers.update(stream, name, changeable);
  return nats.jetstream({ timeout: apiTimeoutMs }).consumers.get(stream, name);
}

const fixed = {
  ack_policy: AckPolicy.Explicit,
  deliver_policy: DeliverPolicy.All,
  replay_policy: ReplayPolicy.Instant,
} satisfies Partial<ConsumerConfig>;

/** Before 2.10 a consumer has one filter at most: there it gets everything, and what it did not ask for is acknowledged unread. */
function filters(nats: NatsConnection, { subjects }: ConsumerDefinition): { filter_subjects?: string[] } {
  const [major = 0, minor = 0] = (nats.info?.version ?? '').split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 10) ? { filter_subjects: [...subjects] } : {};
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
