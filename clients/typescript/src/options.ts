import type { RetryOptions } from './retry/retry-exchange.ts';
import type { TokenStore } from './session/tokens.ts';

export interface ShopClientOptions {
  /** The URL of the GraphQL endpoint, for example `https://shop.example/graphql`. */
  readonly url: string;
  /** The store of the session's tokens. Default: in memory, for as long as the client lives. */
  readonly tokens?: TokenStore;
  /** The time for one attempt, in milliseconds. To limit all attempts, pass `AbortSignal.timeout(…)` to a request. Default 15,000. */
  readonly timeoutMs?: number;
  /** The time without a byte after which a subscription connects again, in milliseconds; the gateway pings every 12 s. Default 30,000. */
  readonly heartbeatMs?: number;
  /** Retries of queries and of mutations with an idempotency key, never of other mutations. Subscriptions have the same pauses. */
  readonly retry?: RetryOptions;
  /** The time before its expiry at which an access token is replaced, in milliseconds. Default 30,000. */
  readonly refreshAheadMs?: number;
  /** Sends only ids of persisted operations, for a server that has this package's manifest. Default false. */
  readonly persistedOnly?: boolean;
  /**
   * Sends queries by GET where their URL is not too long, so that browsers and CDNs can keep the answers that are the same for everyone.
   * Use it with `persistedOnly`, which makes the URLs short. Default false.
   */
  readonly useGetForQueries?: boolean;
  /** Additional headers of each request, for example `traceparent`. */
  readonly headers?: () => Readonly<Record<string, string>>;
  /** Default: the platform's. */
  readonly fetch?: typeof fetch;
}

export interface RequestOptions {
  /** Aborts the request and its pauses with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Sends the request without the session's token. Default false. */
  readonly anonymous?: boolean | undefined;
  /**
   * The operation may be sent again, since a second execution changes nothing more: it is retried as a query is. Default: true for
   * queries and for mutations with an idempotency key, false for other mutations.
   */
  readonly repeatable?: boolean | undefined;
}
