/** A JetStream stream. Exactly one service publishes to it. */
export interface StreamDefinition {
  /** For example `ORDER`. */
  readonly name: string;
  /** The service that creates and configures the stream and publishes to it. */
  readonly publisher: string;
  /** Subjects that the stream stores. Wildcards are allowed, for example `shop.order.>`. */
  readonly subjects: readonly string[];
  /** Milliseconds to keep messages. Default: a day. */
  readonly maxAgeMs?: number;
  /**
   * Maximum size of all messages in bytes. Default: 1 GiB. A full stream drops its oldest events, which the outbox keeps
   * until every follower has confirmed them. The broker reserves this much of its disk limit.
   */
  readonly maxBytes?: number;
}

/** A durable consumer: the position of one service in one stream. The replicas of the service share it. */
export interface ConsumerDefinition {
  /** The service that creates and configures the consumer and handles its messages. */
  readonly subscriber: string;
  /** Name of the stream. */
  readonly stream: string;
  /** Subjects that it reads. */
  readonly subjects: readonly string[];
}

/** The recent events of a stream that a process without a database reads. It has no position at the broker (`watchEvents`). */
export interface WatchDefinition {
  /** The process that reads. */
  readonly watcher: string;
  /** Name of the stream. */
  readonly stream: string;
  /**
   * The subjects that it reads, without wildcards. With one, the broker permits no other. With several, it permits the whole stream: the
   * permissions of its API cannot name more than one.
   */
  readonly subjects: readonly string[];
}

/** A request that one service sends to another over core NATS. */
export interface RequestDefinition {
  readonly subject: string;
  readonly requester: string;
  readonly responder: string;
}

/** The services' events, consumers and requests. Streams, consumers and permissions follow from it. */
export interface Topology {
  readonly streams: readonly StreamDefinition[];
  readonly consumers: readonly ConsumerDefinition[];
  /** Default: none. */
  readonly watches?: readonly WatchDefinition[];
  readonly requests: readonly RequestDefinition[];
}

/** The size of a stream whose definition has none, in bytes. */
export const defaultStreamBytes = 1024 ** 3;

/**
 * The disk limit that a broker needs, in bytes: it reserves the full size of every stream, and creates none that does not fit. One
 * stream of the default size is left for others.
 */
export function brokerStorageBytes({ streams }: Pick<Topology, 'streams'>): number {
  return streams.reduce((sum, { maxBytes = defaultStreamBytes }) => sum + maxBytes, defaultStreamBytes);
}

/** Returns the durable name of a consumer, for example `b-from-a`. */
export function durableName(consumer: Pick<ConsumerDefinition, 'subscriber' | 'stream'>): string {
  return `${consumer.subscriber}-from-${consumer.stream.toLowerCase()}`;
}

/** Returns the prefix of the subjects on which a service receives answers. No other service may listen there. */
export function inboxPrefix(service: string): string {
  return `_INBOX_${service}`;
}

/** Header of a message: the event's place in its publisher's outbox, in decimal digits. */
export const outboxSequenceHeader = 'Outbox-Sequence';

/** The requests by which a publisher finds out which events a follower lacks, and hands them over. */
export interface ConfirmationRequests {
  readonly compare: RequestDefinition;
  readonly deliver: RequestDefinition;
}

/**
 * Returns the requests from the publisher of a consumer's stream to the consumer's service.
 *
 * @throws TypeError when the topology does not have the consumer's stream.
 */
export function confirmationRequests(topology: Topology, consumer: ConsumerDefinition): ConfirmationRequests {
  const stream = topology.streams.find(({ name }) => name === consumer.stream);
  if (!stream) throw new TypeError(`The topology has no stream ${consumer.stream}, which a consumer follows. Add it.`);
  const name = durableName(consumer);
  const between = { requester: stream.publisher, responder: consumer.subscriber };
  return {
    compare: { subject: `outbox.compare.${name}`, ...between },
    deliver: { subject: `outbox.deliver.${name}`, ...between },
  };
}
