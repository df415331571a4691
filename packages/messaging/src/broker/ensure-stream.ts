import { DiscardPolicy, nanos, RetentionPolicy, StorageType } from 'nats';
import type { JetStreamManager, NatsConnection, StreamConfig, StreamInfo } from 'nats';
import type { StreamDefinition } from '../topology.ts';
import { isNotFound } from './api-error.ts';

/** What a relay needs to know of its stream. */
export interface StreamState {
  /** When this incarnation of the stream was created, in milliseconds. */
  readonly created: Date;
  readonly lastSequence: number;
}

/** How long a stream keeps messages, in milliseconds, unless its definition says otherwise. */
export const defaultMaxAgeMs = 7 * 24 * 60 * 60_000;
const defaultMaxBytes = 1024 ** 3;
const duplicateWindowMs = 2 * 60_000;
const apiTimeoutMs = 5_000;

/** Creates the stream, or brings its configuration up to date, and returns its state. */
export async function ensureStream(nats: NatsConnection, definition: StreamDefinition): Promise<StreamState> {
  const manager = await nats.jetstreamManager({ checkAPI: false, timeout: apiTimeoutMs });
  const wanted = configurationOf(definition);
  let info = (await find(manager, definition.name)) ?? (await manager.streams.add(wanted));
  if (differs(info.config, wanted)) info = await manager.streams.update(definition.name, wanted);
  return { created: new Date(info.created), lastSequence: info.state.last_seq };
}

/**
 * Tells the stream's consumers that its places were given away anew: they may have gone beyond some of them, and begin again.
 * To be called before anything is published to a stream that has lost messages.
 */
export async function markRefilled(nats: NatsConnection, definition: StreamDefinition): Promise<void> {
  const manager = await nats.jetstreamManager({ checkAPI: false, timeout: apiTimeoutMs });
  await manager.streams.update(definition.name, { description: `filled again at ${new Date().toISOString()}` });
}

function configurationOf(definition: StreamDefinition) {
  return {
    name: definition.name,
    subjects: [...definition.subjects],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    max_age: nanos(definition.maxAgeMs ?? defaultMaxAgeMs),
    max_bytes: definition.maxBytes ?? defaultMaxBytes,
    // A full stream refuses: refused events wait in the outbox, whereas discarding old ones could lose some that nobody has read.
    discard: DiscardPolicy.New,
    duplicate_window: nanos(duplicateWindowMs),
  } satisfies Partial<StreamConfig>;
}

type Configuration = ReturnType<typeof configurationOf>;

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
