import { uuidv7 } from 'uuidv7';

/** A type of event: what it is called, who sends it, and how its data is checked. */
export interface EventDefinition<Data> {
  /** CloudEvents `type`, and subject of its messages; for example `shop.order.created.v1`. */
  readonly type: string;
  /** CloudEvents `source`; for example `/order`. */
  readonly source: string;
  /** Returns the data when it is well-formed, and throws when it is not. */
  parse(data: unknown): Data;
}

/** Headers that travel with an event; `traceparent` and `tracestate` carry the trace. */
export type EventHeaders = Readonly<Record<string, string>>;

/** An event on its way out: what `appendToOutbox` stores. */
export interface OutboxEvent {
  /** UUIDv7; consumers recognise a repeated event by it. */
  readonly id: string;
  readonly type: string;
  readonly source: string;
  /** Id of the aggregate. Events of one aggregate are published and handled in order. */
  readonly subject: string;
  readonly time: Date;
  readonly data: unknown;
  readonly headers: EventHeaders;
}

/** An event as a handler gets it. */
export interface ReceivedEvent<Data> extends OutboxEvent {
  readonly data: Data;
}

/** What the sender of an event says about it. */
export interface NewEvent<Data> {
  readonly aggregateId: string;
  readonly data: Data;
  /** Default: a new UUIDv7. */
  readonly id?: string;
  /** Default: now. */
  readonly time?: Date;
  /** Default: none. */
  readonly headers?: EventHeaders;
}

/**
 * An event of the given type.
 *
 * @throws What `definition.parse` throws: an event that no consumer could read is refused where it is made.
 */
export function newEvent<Data>(definition: EventDefinition<Data>, event: NewEvent<Data>): OutboxEvent {
  return {
    id: event.id ?? uuidv7(),
    type: definition.type,
    source: definition.source,
    subject: event.aggregateId,
    time: event.time ?? new Date(),
    data: definition.parse(event.data),
    headers: event.headers ?? {},
  };
}
