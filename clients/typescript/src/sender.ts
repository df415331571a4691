import { createClient, createRequest, fetchExchange, makeOperation } from '@urql/core';
import { pipe, take, toPromise } from 'wonka';
import { GraphqlError, ShopError } from './errors.ts';
import { fillIdempotencyKey } from './idempotency.ts';
import type { AnyOperation } from './operation.ts';
import type { RequestOptions } from './options.ts';
import { retryExchange, type RetryContext, type RetryOptions } from './retry/retry-exchange.ts';
import { sessionExchange, type SessionContext } from './session/session-exchange.ts';
import type { Session } from './session/session.ts';
import { whileWanted } from './transport/deadline.ts';
import { documentOf } from './transport/document.ts';
import { errorOf } from './transport/error-of.ts';
import { wholeAnswer, type Transport } from './transport/whole-answer.ts';

/** A GraphQL answer: data, or an error that has what there is of it. */
export interface Sent {
  readonly data: unknown;
  readonly error: GraphqlError | undefined;
}

/** @throws what there is in place of a GraphQL answer */
export type Send = (operation: AnyOperation, variables: unknown, options?: SendOptions) => Promise<Sent>;

export interface SendOptions extends RequestOptions {
  /** The caller has no use for partial data: an answer with some is retried as one without is. Default false. */
  readonly wantsWholeData?: boolean;
}

interface Sender {
  readonly url: string;
  readonly transport: Transport;
  readonly session: Session;
  readonly persistedOnly: boolean;
  readonly retry: RetryOptions;
}

/** Sends operations through an urql client: with their keys, their tokens, and as often as they may be sent. */
export function createSender({ url, transport, session, persistedOnly, retry }: Sender): Send {
  const exchanges = [retryExchange(retry), sessionExchange(session), fetchExchange];
  const client = createClient({ url, exchanges, fetch: wholeAnswer(transport), preferGetMethod: false });
  let requests = 0;

  return async (operation, given, { signal, anonymous = false, repeatable, wantsWholeData = false } = {}) => {
    signal?.throwIfAborted();
    const { variables, idempotencyKey } = fillIdempotencyKey(operation, given);
    const extensions = persistedOnly
      ? { persistedQuery: { version: 1 as const, sha256Hash: operation.id } }
      : undefined;
    // With a key of its own: urql has one answer for equal queries in parallel, but they may be of different sessions.
    const request = { ...createRequest(documentOf(operation), variables as object, extensions), key: (requests += 1) };
    const context: RetryContext & SessionContext = {
      anonymous,
      isRepeatable: repeatable ?? (operation.type === 'query' || idempotencyKey !== undefined),
      wantsWholeData,
    };
    const started = client.createRequestOperation(operation.type, request, context);
    const answered = pipe(client.executeRequestOperation(started), take(1), toPromise);
    const result = await whileWanted(answered, signal).catch((reason: unknown) => {
      client.reexecuteOperation(makeOperation('teardown', started));
      throw reason;
    });
    const error = errorOf(result);
    if (error === undefined) return { data: result.data as unknown, error };
    if (error instanceof ShopError && idempotencyKey !== undefined) error.idempotencyKey = idempotencyKey;
    if (error instanceof GraphqlError) return { data: error.data, error };
    throw error;
  };
}
