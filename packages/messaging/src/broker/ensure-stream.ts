import { DiscardPolicy, nanos, RetentionPolicy, StorageType, StoreCompression } from 'nats';
import type { JetStreamManager, NatsConnection, StreamConfig, StreamInfo } from 'nats';
import type { StreamDefinition } from '../topology.ts';
import { isNotFound } from './api-error.ts';
import { isNats210OrNewer } from './server-version.ts';

/** Default for how long a stream keeps messages, in milliseconds: a day. The outbox has what a follower lacks after that. */
const defaultMaxAgeMs = 24 * 60 * 60_000;
const defaultMaxBytes = 1024 ** 3;
const duplicateWindowMs = 2 * 60_000;
const apiTimeoutMs = 5_000;

/** Creates the stream, or updates its configuration. */
export async function ensureStream(nats: NatsConnection, definition: StreamDefinition): Promise<void> {
  const manager = await nats.jetstreamManager({ checkAPI: false, timeout: apiTimeoutMs });
  const wanted = createConfiguration(nats, definition);
  const info = (await find(manager, definition.name)) ?? (await manager.streams.add(wanted));
  if (differs(info.config, wanted)) await manager.streams.update(definition.name, wanted);
}

/** Deletes the stream with all its messages and consumers, and creates it again. Its consumers create themselves again. */
export async function recreateStream(nats: NatsConnection, definition: StreamDefinition): Promise<void> {
  const manager = await nats.jetstreamManager({ checkAPI: false, timeout: apiTimeoutMs });
  await manager.streams.delete(definition.name).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
  await ensureStream(nats, definition);
}

function createConfiguration(nats: NatsConnection, definition: StreamDefinition) {
  return {
    name: definition.name,
    subjects: [...definition.subjects],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    max_age: nanos(definition.maxAgeMs ?? defaultMaxAgeMs),
    max_bytes: definition.maxBytes ?? defaultMaxBytes,
    // A full stream drops its oldest events. A follower that lacked one of them still gets it: the outbox keeps each
    // event until every follower has confirmed it.
    discard: DiscardPolicy.Old,
    duplicate_window: nanos(duplicateWindowMs),
    // The server compresses a file of messages (8 MB) when it is full. An older server has no such setting.
    ...(isNats210OrNewer(nats) ? { compression: StoreCompression.S2 } : {}),
  } satisfies Partial<StreamConfig>;
}

type Configuration = ReturnType<typeof createConfiguration>;

function differs(actual: StreamConfig, wanted: Configuration): boolean {
  const settings = ['max_age', 'max_bytes', 'discard', 'duplicate_window'] as const;
  return (
    settings.some((name) => actual[name] !== wanted[name]) ||
    actual.compression !== (wanted.compression ?? actual.compression) ||
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
