import { createClient, createRequest, fetchExchange, makeOperation } from '@urql/core';
import { pipe, take, toPromise } from 'wonka';
import { GraphqlError, ShopError } from './errors.ts';
import { fillIdempotencyKey } from './idempotency.ts';
import type { Operation } from './operation.ts';
import type { RequestOptions } from './options.ts';
import { retryExchange, type RetryContext, type RetryOptions } from './retry/retry-exchange.ts';
import { sessionExchange, type SessionContext } from './session/session-exchange.ts';
import type { Session } from './session/session.ts';
import { createFetch, type Transport } from './transport/create-fetch.ts';
import { waitUnlessAborted } from './transport/deadline.ts';
import { findError } from './transport/read-result.ts';
import { requireId } from './transport/require-id.ts';
import { toUrqlDocument } from './transport/urql-document.ts';

/** A GraphQL answer: data, or an error with the partial data. */
export interface Answer<Data> {
  readonly data: Data | null | undefined;
  readonly error: GraphqlError | undefined;
}

/** Sends an operation. Throws the error when no GraphQL answer came. */
export type Send = <Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: NoInfer<Variables> | undefined,
  options?: SendOptions,
) => Promise<Answer<Data>>;

export interface SendOptions extends RequestOptions {
  /** True when the caller cannot use partial data. Such an answer is retried like one without data. Default false. */
  readonly wantsWholeData?: boolean;
}

interface SenderOptions {
  readonly url: string;
  readonly transport: Transport;
  readonly session: Session;
  readonly persistedOnly: boolean;
  readonly useGetForQueries: boolean;
  readonly retry: RetryOptions;
}

/** Sends operations through an urql client that adds idempotency keys and tokens and retries safe requests. */
export function createSender(options: SenderOptions): Send {
  const { url, transport, session, persistedOnly, useGetForQueries, retry } = options;
  const exchanges = [retryExchange(retry), sessionExchange(session), fetchExchange];
  const client = createClient({
    url,
    exchanges,
    fetch: createFetch(transport),
    preferGetMethod: useGetForQueries ? 'within-url-limit' : false,
    // The gateway refuses a GET that any page could have sent.
    ...(useGetForQueries ? { fetchOptions: { headers: { 'apollo-require-preflight': 'true' } } } : {}),
  });
  let requests = 0;

  return async (operation, given, { signal, anonymous = false, repeatable, wantsWholeData = false } = {}) => {
    signal?.throwIfAborted();
    const { variables, idempotencyKey } = fillIdempotencyKey(operation, given ?? {});
    const extensions = persistedOnly
      ? { persistedQuery: { version: 1 as const, sha256Hash: requireId(operation) } }
      : undefined;
    // Each request has its own key. urql shares one answer among equal queries in parallel, which may be of different sessions.
    const request = { ...createRequest(toUrqlDocument(operation), variables, extensions), key: (requests += 1) };
    const context: RetryContext & SessionContext = {
      anonymous,
      isRepeatable: repeatable ?? (operation.type === 'query' || idempotencyKey !== undefined),
      wantsWholeData,
    };
    const started = client.createRequestOperation(operation.type, request, context);
    const answered = pipe(client.executeRequestOperation(started), take(1), toPromise);
    const result = await waitUnlessAborted(answered, signal).catch((reason: unknown) => {
      client.reexecuteOperation(makeOperation('teardown', started));
      throw reason;
    });
    const error = findError(result);
    if (error === undefined) return { data: result.data, error };
    if (error instanceof ShopError && idempotencyKey !== undefined) error.idempotencyKey = idempotencyKey;
    if (error instanceof GraphqlError) return { data: result.data, error };
    throw error;
  };
}
