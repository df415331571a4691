import type { EventHeaders } from '../event.ts';

/** The publisher's question: which of these events, all published or due for some time, does the follower lack? */
export interface CompareRequest {
  /** Place in the outbox and id of each event, oldest first. */
  readonly events: readonly (readonly [sequence: string, id: string])[];
}

/** The events of the question that the follower has neither handled nor stored as dead letters. It has all others. */
export interface CompareAnswer {
  /** Ids of events that the broker will not deliver, as far as the follower can tell. */
  readonly lacking: readonly string[];
  /** Ids of events that the follower is handling, or that the broker is about to deliver. */
  readonly waiting: readonly string[];
}

/** An event that the publisher hands over without the stream. */
export interface HandedOverEvent {
  readonly sequence: string;
  readonly id: string;
  readonly type: string;
  readonly headers: EventHeaders;
  /** The envelope. */
  readonly body: unknown;
  /** Number of times that it was handed over, including this one. */
  readonly attempts: number;
  /** True when the stream has acknowledged the event, so that it should have come from there. */
  readonly published: boolean;
}

export interface DeliverRequest {
  readonly events: readonly HandedOverEvent[];
}

/** The events that the follower has from now on. It may still be handling the others. */
export interface DeliverAnswer {
  readonly handled: readonly string[];
}
