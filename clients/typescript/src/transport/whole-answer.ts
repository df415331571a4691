import { NetworkError, TimeoutError } from '../errors.ts';
import { withDeadline } from './deadline.ts';

/** How requests are sent. */
export interface Transport {
  readonly fetch: typeof fetch;
  /** Of one request, with its answer's body. */
  readonly timeoutMs: number;
  readonly headers: () => Readonly<Record<string, string>>;
}

/**
 * A `fetch` for urql whose answers are whole and in time: one that breaks off is none, where urql has it for an answer that is
 * not GraphQL.
 *
 * @throws NetworkError, TimeoutError, or the reason for which urql wants no answer any more
 */
export function wholeAnswer({ fetch, timeoutMs, headers }: Transport): typeof globalThis.fetch {
  const late = () => new TimeoutError(`No answer within ${timeoutMs} ms.`);
  return (url, init) =>
    withDeadline({ timeoutMs, signal: init?.signal ?? undefined, late }, async (signal) => {
      try {
        const sent = new Headers(headers());
        new Headers(init?.headers).forEach((value, name) => sent.set(name, value));
        sent.set('accept', 'application/graphql-response+json, application/json');
        const response = await fetch(url, { ...init, headers: Object.fromEntries(sent), signal });
        const text = await response.text();
        return {
          status: response.status,
          statusText: response.statusText,
          headers: response.headers,
          text: async () => text,
        } as Response;
      } catch (cause) {
        // A `fetch` of somebody else's may reject with an error of its own when its signal fires.
        signal.throwIfAborted();
        throw new NetworkError('No answer came from the server.', { cause });
      }
    });
}
