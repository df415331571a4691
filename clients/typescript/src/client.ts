import { toOperation, toSubscription, type Document, type SubscriptionDocument } from './document.ts';
import type { RequestOptions, ShopClientOptions } from './options.ts';
import type { Result } from './results/result.ts';
import { createSender } from './sender.ts';
import { refresh } from './session/refresh.ts';
import { Session } from './session/session.ts';
import { memoryTokens, type Tokens } from './session/tokens.ts';
import { createSubscriber } from './subscription/subscribe.ts';
import type { SubscribeOptions, Subscription } from './subscription/subscription.ts';
import type { Transport } from './transport/create-fetch.ts';

/** An operation that needs no variables. */
export type Bare<Data> = Document<Data, {}>; // oxlint-disable-line typescript/no-empty-object-type

/** A subscription that needs no variables. */
export type BareSubscription<Data> = SubscriptionDocument<Data, {}>; // oxlint-disable-line typescript/no-empty-object-type

export interface ShopClient {
  /**
   * The data of an answer without errors.
   *
   * @throws GraphqlError for an answer with errors
   * @throws NetworkError, TimeoutError, HttpError, SessionEndedError, or the signal's reason, when no answer came
   */
  request<Data>(operation: Bare<Data>): Promise<Data>;
  request<Data, Variables>(
    operation: Document<Data, Variables>,
    variables: NoInfer<Variables>,
    options?: RequestOptions,
  ): Promise<Data>;
  /** Like {@link request}, but returns an answer with errors, together with its partial data. */
  execute<Data>(operation: Bare<Data>): Promise<Result<Data>>;
  execute<Data, Variables>(
    operation: Document<Data, Variables>,
    variables: NoInfer<Variables>,
    options?: RequestOptions,
  ): Promise<Result<Data>>;
  /**
   * The messages of a subscription, each without errors. It connects when the first one is asked for, and again with a pause whenever
   * the connection is lost, with a new access token where that is necessary. After a new connection, no state comes twice and
   * none is older than the last one.
   *
   * The iteration ends when the server has nothing more to send.
   *
   * @throws TypeError for a document that is no subscription
   * @throws GraphqlError, HttpError, SessionEndedError, or the signal's reason from the iteration, when it cannot go on
   */
  subscribe<Data>(operation: BareSubscription<Data>): Subscription<Data>;
  subscribe<Data, Variables>(
    operation: SubscriptionDocument<Data, Variables>,
    variables: NoInfer<Variables>,
    options?: SubscribeOptions<NoInfer<Data>>,
  ): Subscription<Data>;
  readonly session: ShopSession;
}

/** The signed-in session. Its tokens are in the app's store. */
export interface ShopSession {
  /** A valid access token, refreshed if necessary; null when nobody is signed in. */
  accessToken(signal?: AbortSignal): Promise<string | null>;
  /** Continues with tokens from elsewhere. They replace the current session. */
  adopt(tokens: Tokens): Promise<void>;
  /** Forgets the session in this client and returns its tokens. The operation Logout ends it on the server. */
  end(): Promise<Tokens | null>;
}

/** A client of the shop's graph. Only subscriptions keep a connection open, so it needs no closing. */
export function createShopClient(options: ShopClientOptions): ShopClient {
  const {
    url,
    headers = () => ({}),
    timeoutMs = 15_000,
    heartbeatMs = 30_000,
    refreshAheadMs = 30_000,
    persistedOnly = false,
    useGetForQueries = false,
    retry = {},
  } = options;
  // Browsers allow fetch only as a call on the global object.
  const transport: Transport = { headers, timeoutMs, fetch: options.fetch ?? ((...args) => globalThis.fetch(...args)) };
  const store = options.tokens ?? memoryTokens();
  const session = new Session({ store, refreshAheadMs, refresh: (refreshToken) => refresh(send, refreshToken) });
  const send = createSender({ url, transport, session, persistedOnly, useGetForQueries, retry });
  const subscribe = createSubscriber({ url, transport, session, persistedOnly, retry, heartbeatMs });

  return {
    async request<Data, Variables>(
      operation: Document<Data, Variables>,
      variables?: NoInfer<Variables>,
      requestOptions?: RequestOptions,
    ) {
      const { data, error } = await send(toOperation(operation), variables, {
        ...requestOptions,
        wantsWholeData: true,
      });
      if (error !== undefined || data == null) throw error;
      return data;
    },
    async execute<Data, Variables>(
      operation: Document<Data, Variables>,
      variables?: NoInfer<Variables>,
      requestOptions?: RequestOptions,
    ) {
      const { data, error } = await send(toOperation(operation), variables, requestOptions);
      return { data: data ?? null, errors: error?.errors ?? [] };
    },
    subscribe<Data, Variables>(
      operation: SubscriptionDocument<Data, Variables>,
      variables?: NoInfer<Variables>,
      subscribeOptions?: SubscribeOptions<NoInfer<Data>>,
    ) {
      return subscribe(toSubscription(operation), variables, subscribeOptions);
    },
    session: {
      accessToken: async (signal) => (await session.current(signal))?.accessToken ?? null,
      adopt: (tokens) => session.adopt(tokens),
      end: () => session.end(),
    },
  };
}
