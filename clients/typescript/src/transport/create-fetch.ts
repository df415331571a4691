import { NetworkError, TimeoutError } from '../errors.ts';
import { runWithDeadline } from './deadline.ts';
import { VersionTokens } from './version-tokens.ts';

/** Settings of the requests. */
export interface Transport {
  readonly fetch: typeof fetch;
  /** The time for one request and the body of its answer, in milliseconds. */
  readonly timeoutMs: number;
  readonly headers: () => Readonly<Record<string, string>>;
}

/**
 * A `fetch` for urql that returns only complete answers, in time. urql itself takes an answer that breaks off for one that
 * is not GraphQL; here it is a network error. Requests carry the version tokens of earlier answers.
 *
 * @throws NetworkError, TimeoutError, or the reason for which urql aborted the request
 */
export function createFetch({ fetch, timeoutMs, headers }: Transport): typeof globalThis.fetch {
  const tokens = new VersionTokens();
  const createTimeout = () => new TimeoutError(`No answer within ${timeoutMs} ms.`);
  return (url, init) =>
    runWithDeadline({ timeoutMs, signal: init?.signal ?? undefined, createTimeout }, async (signal) => {
      try {
        const sent = new Headers(headers());
        new Headers(init?.headers).forEach((value, name) => sent.set(name, value));
        sent.set('accept', 'application/graphql-response+json, application/json');
        tokens.write(sent);
        const response = await fetch(url, { ...init, headers: Object.fromEntries(sent), signal });
        const text = await response.text();
        const { status, statusText, headers: answered } = response;
        tokens.read(answered);
        // A new Response would refuse a body for some statuses. urql reads these members only.
        return { status, statusText, headers: answered, text: async () => text } as Response;
      } catch (cause) {
        // A `fetch` that an app supplies may reject with its own error when its signal fires.
        signal.throwIfAborted();
        throw new NetworkError('No answer came from the server.', { cause });
      }
    });
}
