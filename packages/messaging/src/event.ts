import { uuidv7 } from 'uuidv7';
import { captureTrace } from './tracing/current-trace.ts';

/** An event type: its name, its sender, and the check of its data. */
export interface EventDefinition<Data> {
  /** CloudEvents `type` and subject of the messages, for example `shop.order.created.v1`. */
  readonly type: string;
  /** CloudEvents `source`, for example `/order`. */
  readonly source: string;
  /** Returns the checked data. Throws when it is malformed. */
  parse(data: unknown): Data;
}

/** Headers of an event's message. `traceparent` carries the trace. */
export type EventHeaders = Readonly<Record<string, string>>;

/** An outgoing event, as `appendToOutbox` stores it. */
export interface OutboxEvent {
  /** UUIDv7. Consumers recognise a repeated event by it. */
  readonly id: string;
  readonly type: string;
  readonly source: string;
  /** Id of the aggregate. The events of an aggregate are published and handled in order. */
  readonly subject: string;
  readonly time: Date;
  readonly data: unknown;
  readonly headers: EventHeaders;
}

/** A received event, as a handler gets it. */
export interface ReceivedEvent<Data> extends OutboxEvent {
  readonly data: Data;
}

/** The sender's part of a new event. */
export interface NewEvent<Data> {
  readonly aggregateId: string;
  readonly data: Data;
  /** Default: a new UUIDv7. */
  readonly id?: string;
  /** Default: now. */
  readonly time?: Date;
  /** Added to the current trace. Default: none. */
  readonly headers?: EventHeaders;
}

/**
 * Creates an event of the given type.
 *
 * @throws The error of `definition.parse`, so that an event that no consumer could read fails where it is created.
 */
export function newEvent<Data>(definition: EventDefinition<Data>, event: NewEvent<Data>): OutboxEvent {
  return {
    id: event.id ?? uuidv7(),
    type: definition.type,
    source: definition.source,
    subject: event.aggregateId,
    time: event.time ?? new Date(),
    data: definition.parse(event.data),
    headers: { ...captureTrace(event.aggregateId), ...event.headers },
  };
}
