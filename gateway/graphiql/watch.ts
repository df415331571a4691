import { createClient } from 'graphql-ws';
import { freeTextHeader } from '../src/persisted-operations/free-text-header.ts';
import type { GraphqlRequest } from './session.ts';

/** A result as the page shows it. */
export interface ShownResult {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string }[];
}

interface Observer {
  next(result: ShownResult): void;
  complete(): void;
}

/** The form in which GraphiQL takes results that come one after another. */
export interface Watched {
  subscribe(observer: Observer): { unsubscribe(): void };
}

/** True for an operation that is a subscription. @param document the parsed text, as far as GraphiQL could parse it */
export function isSubscription(
  document: { readonly definitions: readonly object[] } | null | undefined,
  operationName: string | null | undefined,
): boolean {
  const operations = (document?.definitions ?? []) as readonly {
    readonly operation?: string;
    readonly name?: { readonly value: string };
  }[];
  const all = operations.filter(({ operation }) => operation !== undefined);
  const chosen = operationName ? all.find(({ name }) => name?.value === operationName) : all[0];
  return chosen?.operation === 'subscription';
}

/**
 * Sends a subscription over a WebSocket of its own, since a browser sends headers with the first message only.
 *
 * @param headers those of the tab, with the token
 */
export function watch(url: string, request: GraphqlRequest, headers: Readonly<Record<string, string>>): Watched {
  return {
    subscribe(observer) {
      const client = createClient({ url, connectionParams: { [freeTextHeader]: 'graphiql', ...headers } });
      const { query, operationName, variables } = request;
      const stop = client.subscribe(
        { query, operationName, variables: variables as Record<string, unknown> | null | undefined },
        {
          next: (result) => observer.next(result as ShownResult),
          error(error) {
            observer.next({ errors: readErrors(error) });
            observer.complete();
          },
          complete: () => observer.complete(),
        },
      );
      return {
        unsubscribe() {
          stop();
          void client.dispose();
        },
      };
    },
  };
}

/** The errors of the gateway, or the reason for which it closed the connection. */
export function readErrors(error: unknown): readonly { readonly message: string }[] {
  if (Array.isArray(error)) return error as readonly { readonly message: string }[];
  const { reason, code, message } = (error ?? {}) as { reason?: string; code?: number; message?: string };
  return [{ message: reason || message || `The connection was closed${code === undefined ? '' : ` with ${code}`}.` }];
}
