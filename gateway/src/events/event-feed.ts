/** An event of a service, as the gateway reads it from the broker. */
export interface FeedEvent {
  /** The name of its stream. */
  readonly stream: string;
  /** Its place in the stream. */
  readonly sequence: number;
  /** For example `shop.order.created.v1`. */
  readonly type: string;
  /** The id of the object that changed. */
  readonly subject: string;
  readonly time: Date;
  /** Checked by nobody. */
  readonly data: unknown;
  /** Its place in its publisher's outbox. Undefined for events of older releases. */
  readonly outboxSequence: bigint | undefined;
}

/** Follows the events. Both functions return at once and never throw. */
export interface FeedListener {
  /** Called for each event, in the order of its stream. Events may come again. */
  readonly onEvent: (event: FeedEvent) => void;
  /** Called when events of a stream may be missing: the broker was away for longer than it keeps them, or has lost them. */
  readonly onGap: (stream: string) => void;
}

/** The recent events of the streams that the gateway follows: each with one consumer, from the last event before the gateway started. */
export interface EventFeed {
  /** Listeners are called in the order in which they were added. Returns a function that removes the listener. */
  listen(listener: FeedListener): () => void;
  /**
   * True while every event is handled that the stream had a second ago. False for a stream that is not followed, and for the first call
   * after ten seconds without one: the broker is asked only while somebody wants to know.
   */
  isCurrent(stream: string): boolean;
  /** True while a stream is followed. It may be some seconds late, as on a busy machine. */
  isFollowed(stream: string): boolean;
  /** The stream of a type of events; undefined where the type is not followed. */
  findStream(type: string): string | undefined;
  /** The events of a stream after one of them. Undefined where the feed does not know all of them. */
  listAfter(event: Pick<FeedEvent, 'stream' | 'sequence' | 'time'>): readonly FeedEvent[] | undefined;
}
