/** A JetStream stream: exactly one service publishes to it. */
export interface StreamDefinition {
  /** For example `ORDER`. */
  readonly name: string;
  /** The service that publishes, creates and configures it. */
  readonly publisher: string;
  /** What it stores; wildcards are allowed, for example `shop.order.>`. */
  readonly subjects: readonly string[];
  /** How long messages are kept, in milliseconds. Default: 7 days. */
  readonly maxAgeMs?: number;
  /**
   * Bytes that its messages may take. Default: 1 GiB. A full stream refuses what is published, and the outbox keeps it.
   * The broker sets this much of its disk limit aside.
   */
  readonly maxBytes?: number;
}

/** A durable consumer: one service's place in one stream, shared by the service's replicas. */
export interface ConsumerDefinition {
  /** The service that consumes, creates and configures it. */
  readonly subscriber: string;
  /** Name of the stream. */
  readonly stream: string;
  /** What it reads of the stream. */
  readonly subjects: readonly string[];
}

/** A question that one service asks another over core NATS. */
export interface RequestDefinition {
  readonly subject: string;
  readonly requester: string;
  readonly responder: string;
}

/** Who tells what to whom: the one place from which streams, consumers and permissions follow. */
export interface Topology {
  readonly streams: readonly StreamDefinition[];
  readonly consumers: readonly ConsumerDefinition[];
  readonly requests: readonly RequestDefinition[];
}

/** Durable name of a consumer, for example `product-from-order`. */
export function durableName(consumer: ConsumerDefinition): string {
  return `${consumer.subscriber}-from-${consumer.stream.toLowerCase()}`;
}

/** Inbox prefix of a service's connections: no other service may listen there. */
export function inboxPrefix(service: string): string {
  return `_INBOX_${service}`;
}
