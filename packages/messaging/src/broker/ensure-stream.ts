import { DiscardPolicy, nanos, RetentionPolicy, StorageType } from 'nats';
import type { JetStreamManager, NatsConnection, StreamConfig, StreamInfo } from 'nats';
import type { StreamDefinition } from '../topology.ts';
import { isNotFound } from './api-error.ts';

/** The stream's state that a relay compares with its outbox. */
export interface StreamState {
  /** Creation time of this incarnation of the stream, to the millisecond. */
  readonly created: Date;
  readonly lastSequence: number;
}

/** Default for how long a stream keeps messages, in milliseconds: 7 days. */
export const defaultMaxAgeMs = 7 * 24 * 60 * 60_000;
const defaultMaxBytes = 1024 ** 3;
const duplicateWindowMs = 2 * 60_000;
const apiTimeoutMs = 5_000;

/** Creates the stream or updates its configuration, and returns its state. */
export async function ensureStream(nats: NatsConnection, definition: StreamDefinition): Promise<StreamState> {
  const manager = await nats.jetstreamManager({ checkAPI: false, timeout: apiTimeoutMs });
  const wanted = createConfiguration(definition);
  let info = (await find(manager, definition.name)) ?? (await manager.streams.add(wanted));
  if (differs(info.config, wanted)) info = await manager.streams.update(definition.name, wanted);
  return { created: new Date(info.created), lastSequence: info.state.last_seq };
}

/**
 * Marks a stream that has lost messages, so that its consumers start again (see `ensureConsumer`). Call it before anything is published
 * to the stream: new messages get places that consumers may have passed already.
 */
export async function markRefilled(nats: NatsConnection, definition: StreamDefinition): Promise<void> {
  const manager = await nats.jetstreamManager({ checkAPI: false, timeout: apiTimeoutMs });
  await manager.streams.update(definition.name, { description: `filled again at ${new Date().toISOString()}` });
}

function createConfiguration(definition: StreamDefinition) {
  return {
    name: definition.name,
    subjects: [...definition.subjects],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    max_age: nanos(definition.maxAgeMs ?? defaultMaxAgeMs),
    max_bytes: definition.maxBytes ?? defaultMaxBytes,
    // A full stream rejects new events, and the outbox keeps them. Discarding old ones could lose events that nobody has read.
    discard: DiscardPolicy.New,
    duplicate_window: nanos(duplicateWindowMs),
  } satisfies Partial<StreamConfig>;
}

type Configuration = ReturnType<typeof createConfiguration>;

function differs(actual: StreamConfig, wanted: Configuration): boolean {
  const settings = ['max_age', 'max_bytes', 'discard', 'duplicate_window'] as const;
  return (
    settings.some((name) => actual[name] !== wanted[name]) ||
    [...actual.subjects].sort().join() !== [...wanted.subjects].sort().join()
  );
}

async function find(manager: JetStreamManager, name: string): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(name);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
