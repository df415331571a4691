import type { RetryOptions } from './retry/retry-exchange.ts';
import type { TokenStore } from './session/tokens.ts';

export interface ShopClientOptions {
  /** Of the GraphQL endpoint, such as `https://shop.example/graphql`. */
  readonly url: string;
  /** Where the session's tokens are kept. Default: in memory, for as long as the client lives. */
  readonly tokens?: TokenStore;
  /** Of one attempt, in milliseconds. For all of them together, give a request `AbortSignal.timeout(…)`. Default 15,000. */
  readonly timeoutMs?: number;
  /** For queries, and for mutations with an idempotency key. Others are never sent twice. */
  readonly retry?: RetryOptions;
  /** How long before its expiry an access token is replaced, in milliseconds. Default 30,000. */
  readonly refreshAheadMs?: number;
  /** Sends ids of persisted operations and no text: for a server that has the manifest of this package. Default false. */
  readonly persistedOnly?: boolean;
  /** Headers of each request, such as `traceparent`. */
  readonly headers?: () => Readonly<Record<string, string>>;
  /** Default: the platform's. */
  readonly fetch?: typeof fetch;
}

export interface RequestOptions {
  /** Ends the request, and the pauses between its attempts, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Sent without the session's token. Default false. */
  readonly anonymous?: boolean | undefined;
  /**
   * The operation may be sent again, since a second execution changes nothing more: it is retried as a query is. Default: true for
   * queries and for mutations with an idempotency key, false for other mutations.
   */
  readonly repeatable?: boolean | undefined;
}
