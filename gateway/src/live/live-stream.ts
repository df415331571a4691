import type { GraphQLFormattedError } from 'graphql';

/** One message of a subscription. */
export interface LiveMessage {
  /** The result as JSON: an object with `data`, and with `errors` where there are some. */
  readonly json: string;
  /** The place of the newest event that it shows, for {@link OpenOptions.after}. Visible ASCII without spaces. */
  readonly position: string;
}

/**
 * Why a stream ended.
 * - `complete`: nothing more can come. The last message says why, where that is an error.
 * - `restart`: the gateway stops, or has another supergraph, or may have missed an event. The client should subscribe again.
 * - `unauthenticated`: the access token expired, or its session was revoked. The client should subscribe again with a new token.
 * - `slow`: the client does not read.
 * - `closed`: the client left.
 */
export type LiveEnding = 'complete' | 'restart' | 'unauthenticated' | 'slow' | 'closed';

/** The messages for one subscriber. A client that is slow gets the newest state of each object, not all that came between. */
export interface LiveStream {
  /** Resolves to the next message, or to undefined when the stream has ended. One call at a time. */
  next(): Promise<LiveMessage | undefined>;
  /** Undefined until the stream has ended. */
  readonly ending: LiveEnding | undefined;
  /** Ends the stream. Messages that wait are dropped. Later calls change nothing. */
  end(ending: LiveEnding): void;
}

export interface OpenOptions {
  /** The position of the last message that the client has had. It gets what came after, or the state now where that is not known. */
  readonly after?: string | undefined;
}

/** A subscription that passed all checks. */
export interface PreparedSubscription {
  readonly operationName: string | undefined;
  /** @throws GraphQLError TOO_MANY_SUBSCRIPTIONS */
  open(options?: OpenOptions): LiveStream;
}

/** The answer to a subscription that did not pass the checks. */
export interface RefusedSubscription {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly errors: readonly GraphQLFormattedError[];
}
