import { DiscardPolicy, nanos, RetentionPolicy, StorageType, StoreCompression } from 'nats';
import type { JetStreamManager, NatsConnection, StreamConfig, StreamInfo } from 'nats';
import { defaultStreamBytes, type StreamDefinition } from '../topology.ts';
import { describeBrokerError, isNotFound, isTooFewServers } from './api-error.ts';
import { isNats210OrNewer } from './server-version.ts';

/** Default for how long a stream keeps messages, in milliseconds: a day. The outbox has what a follower lacks after that. */
const defaultMaxAgeMs = 24 * 60 * 60_000;
const duplicateWindowMs = 2 * 60_000;
const apiTimeoutMs = 5_000;

/**
 * Creates the stream, or updates its configuration. Its consumers have as many replicas as the stream.
 *
 * A cluster that has too few servers gets the stream all the same, with one replica or as many as it has: an event is in
 * its outbox until every follower has it, so fewer replicas cost time after an outage and no event.
 *
 * @returns why the stream has another number of replicas than wanted, or null
 */
export async function ensureStream(
  nats: NatsConnection,
  definition: StreamDefinition,
  replicas: number,
): Promise<Error | null> {
  const manager = await nats.jetstreamManager({ checkAPI: false, timeout: apiTimeoutMs });
  const wanted = createConfiguration(nats, definition);
  const info = (await find(manager, definition.name)) ?? (await create(manager, wanted, replicas));
  if (differs(info.config, wanted)) await manager.streams.update(definition.name, wanted);
  const actual = info.config.num_replicas;
  if (actual === replicas) return null;
  const complain = (reason: string): Error =>
    new Error(
      `the stream ${definition.name} has ${actual} of ${replicas} replicas (${reason}). ` +
        `Add servers to the cluster of the broker, or set NATS_REPLICAS to ${actual}`,
    );
  // A server without a cluster accepts the number and makes no replica.
  if (nats.info?.cluster === undefined) return complain('the broker is one server without a cluster');
  try {
    await manager.streams.update(definition.name, { num_replicas: replicas });
    return null;
  } catch (error) {
    if (!isTooFewServers(error)) throw error;
    return complain(describeBrokerError(error));
  }
}

/** Creates the stream with all its replicas, or with one where there are too few servers. */
async function create(manager: JetStreamManager, wanted: Configuration, replicas: number): Promise<StreamInfo> {
  try {
    return await manager.streams.add({ ...wanted, num_replicas: replicas });
  } catch (error) {
    if (!isTooFewServers(error)) throw error;
    return manager.streams.add({ ...wanted, num_replicas: 1 });
  }
}

/** Deletes the stream with all its messages and consumers, and creates it again. Its consumers create themselves again. */
export async function recreateStream(
  nats: NatsConnection,
  definition: StreamDefinition,
  replicas: number,
): Promise<void> {
  const manager = await nats.jetstreamManager({ checkAPI: false, timeout: apiTimeoutMs });
  await manager.streams.delete(definition.name).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
  await ensureStream(nats, definition, replicas);
}

function createConfiguration(nats: NatsConnection, definition: StreamDefinition) {
  return {
    name: definition.name,
    subjects: [...definition.subjects],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    max_age: nanos(definition.maxAgeMs ?? defaultMaxAgeMs),
    max_bytes: definition.maxBytes ?? defaultStreamBytes,
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
