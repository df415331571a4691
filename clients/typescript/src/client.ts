import type { GraphqlErrorEntry } from './errors.ts';
import type { AnyOperation, Operation } from './operation.ts';
import type { RequestOptions, ShopClientOptions } from './options.ts';
import { createSender } from './sender.ts';
import { refresh } from './session/refresh.ts';
import { Session } from './session/session.ts';
import { memoryTokens, type Tokens } from './session/tokens.ts';
import type { Transport } from './transport/whole-answer.ts';

/** What an answer has: data that may be partial, and errors that may be none. */
export interface Result<Data> {
  readonly data: Data | null;
  readonly errors: readonly GraphqlErrorEntry[];
}

/** An operation that needs no variables. */
export type Bare<Data> = Operation<Data, {}>; // eslint-disable-line @typescript-eslint/no-empty-object-type

export interface ShopClient {
  /**
   * The data of an answer without errors.
   *
   * @throws GraphqlError for an answer with errors
   * @throws NetworkError, TimeoutError, HttpError, SessionEndedError, or the signal's reason, where there is no answer
   */
  request<Data>(operation: Bare<Data>): Promise<Data>;
  request<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables: NoInfer<Variables>,
    options?: RequestOptions,
  ): Promise<Data>;
  /** As {@link request}, but an answer with errors is returned, with the data that it has. */
  execute<Data>(operation: Bare<Data>): Promise<Result<Data>>;
  execute<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables: NoInfer<Variables>,
    options?: RequestOptions,
  ): Promise<Result<Data>>;
  readonly session: ShopSession;
}

/** The signed-in session, whose tokens are in the app's store. */
export interface ShopSession {
  /** An access token that the server should take, refreshed where need be; null when nobody is signed in. */
  accessToken(signal?: AbortSignal): Promise<string | null>;
  /** Goes on with tokens that were got elsewhere, in place of the session that there was. */
  adopt(tokens: Tokens): Promise<void>;
  /** Forgets the session here, and returns its tokens; the server learns of it by the operation Logout. */
  end(): Promise<Tokens | null>;
}

/** A client of the shop's graph. It holds nothing open, so that there is nothing to close. */
export function createShopClient(options: ShopClientOptions): ShopClient {
  const {
    url,
    headers = () => ({}),
    timeoutMs = 15_000,
    refreshAheadMs = 30_000,
    persistedOnly = false,
    retry = {},
  } = options;
  // Browsers insist that fetch is called as a function of the global object.
  const transport: Transport = { headers, timeoutMs, fetch: options.fetch ?? ((...args) => globalThis.fetch(...args)) };
  const store = options.tokens ?? memoryTokens();
  const session = new Session({ store, refreshAheadMs, refresh: (refreshToken) => refresh(send, refreshToken) });
  const send = createSender({ url, transport, session, persistedOnly, retry });

  return {
    async request<Data>(operation: AnyOperation, variables?: unknown, requestOptions?: RequestOptions) {
      const { data, error } = await send(operation, variables, { ...requestOptions, wantsWholeData: true });
      if (error !== undefined) throw error;
      return data as Data;
    },
    async execute<Data>(operation: AnyOperation, variables?: unknown, requestOptions?: RequestOptions) {
      const { data, error } = await send(operation, variables, requestOptions);
      return { data: (data ?? null) as Data | null, errors: error?.errors ?? [] };
    },
    session: {
      accessToken: async (signal) => (await session.current(signal))?.accessToken ?? null,
      adopt: (tokens) => session.adopt(tokens),
      end: () => session.end(),
    },
  };
}
