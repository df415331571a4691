/** `handled` includes messages that were handled before and change nothing. An `irrelevant` one needs no transaction. */
export type MessageOutcome = 'handled' | 'irrelevant' | 'retried' | 'dead_letter';

/** Learns what relay and consumers do, for metrics. Its methods must be quick, and must not throw. */
export interface MessagingObserver {
  /** The relay has published events of a batch, and could not publish the events of some aggregates. */
  published(batch: { readonly stream: string; readonly events: number; readonly failures: number }): void;
  /**
   * A message has an outcome. `retried` is not the last one of a message.
   *
   * @param message.seconds how long its handler's transaction took, which it may have shared with others; undefined without a transaction
   * @param message.ageSeconds since the event was made, by the clocks of two processes
   * @param message.deliveries how often the broker has delivered it
   */
  settled(message: {
    readonly consumer: string;
    readonly type: string;
    readonly outcome: MessageOutcome;
    readonly deliveries: number;
    readonly seconds?: number;
    readonly ageSeconds?: number;
  }): void;
  /** Events that the stream did not deliver were handed over to a follower. */
  healed(healing: { readonly consumer: string; readonly events: number }): void;
  /** A stream or a consumer that delivers nothing is made again. */
  recreated(what: { readonly kind: 'stream' | 'consumer'; readonly name: string }): void;
}
