import { NetworkError, TimeoutError, type ShopError } from '../errors.ts';
import type { Transport } from '../transport/create-fetch.ts';
import { runWithDeadline, waitUnlessAborted } from '../transport/deadline.ts';
import { EventParser, type ServerEvent } from './event-parser.ts';
import { readRefusal } from './read-message.ts';

export interface StreamRequest {
  readonly url: string;
  readonly transport: Transport;
  /** The JSON of the operation. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The id of the last event of an earlier connection; empty when there is none. */
  readonly lastEventId: string;
  /** The longest time without a byte, in milliseconds. */
  readonly heartbeatMs: number;
  /** Ends the connection at once. */
  readonly signal: AbortSignal;
}

/** A connection with the events of a server. */
export interface EventStream {
  /** @throws NetworkError when the connection breaks or ends, TimeoutError when it is silent, and the signal's reason */
  readonly events: AsyncGenerator<ServerEvent, never>;
  /** The pause before the next connection that the server asks for, in milliseconds. */
  readonly retryMs: number | undefined;
  /** Closes the connection. */
  close(): void;
}

/** The error of a server that answers without a stream, with the pause that it asks for. */
export class RefusedError extends Error {
  readonly retryAfterMs: number | undefined;

  constructor(cause: ShopError, retryAfterMs: number | undefined) {
    super('The server refused a subscription.', { cause });
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Sends an operation, and reads its answer as server-sent events.
 *
 * @throws RefusedError for an answer without events, NetworkError and TimeoutError for none, or the signal's reason
 */
export async function openStream(request: StreamRequest): Promise<EventStream> {
  const { url, transport, body, headers, lastEventId, heartbeatMs, signal } = request;
  const { fetch, timeoutMs } = transport;
  signal.throwIfAborted();
  const controller = new AbortController();
  const abort = () => controller.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const close = () => {
    signal.removeEventListener('abort', abort);
    controller.abort();
  };
  const sent = new Headers(transport.headers());
  for (const [name, value] of Object.entries(headers)) sent.set(name, value);
  sent.set('content-type', 'application/json');
  sent.set('accept', 'text/event-stream, application/graphql-response+json;q=0.9, application/json;q=0.8');

  /** Runs a step that the server should finish in time. */
  const run = async <Result>(limitMs: number, failure: string, work: () => Promise<Result>): Promise<Result> => {
    const createTimeout = () => new TimeoutError(`The server sent nothing for ${limitMs} ms.`);
    const options = { timeoutMs: limitMs, signal, createTimeout };
    return runWithDeadline(options, async (limited) => {
      try {
        return await waitUnlessAborted(work(), limited);
      } catch (cause) {
        limited.throwIfAborted();
        throw new NetworkError(failure, { cause });
      }
    });
  };

  const init = { method: 'POST', body, headers: Object.fromEntries(sent), signal: controller.signal };
  try {
    const response = await run(timeoutMs, 'No answer came from the server.', () => fetch(url, init));
    if (response.ok && isEventStream(response) && response.body !== null) {
      const parser = new EventParser(lastEventId);
      const reader = response.body.getReader();
      const read = () => run(heartbeatMs, 'The subscription was cut.', () => reader.read());
      return {
        events: readEvents(parser, read),
        get retryMs() {
          return parser.retryMs;
        },
        close,
      };
    }
    const text = await run(timeoutMs, 'No answer came from the server.', () => response.text());
    const { error, retryAfterMs } = readRefusal(response, text);
    throw new RefusedError(error, retryAfterMs);
  } catch (error) {
    close();
    throw error;
  }
}

function isEventStream({ headers }: Response): boolean {
  return /^text\/event-stream\s*(;|$)/i.test(headers.get('content-type') ?? '');
}

/** @param read resolves to the next part of the body */
async function* readEvents(
  parser: EventParser,
  read: () => Promise<{ readonly value?: Uint8Array | undefined; readonly done: boolean }>,
): AsyncGenerator<ServerEvent, never> {
  // It drops a byte order mark, and waits for the rest of a character that is cut.
  const decoder = new TextDecoder();
  for (;;) {
    const { value, done } = await read();
    // An event without its empty line is not complete, and does not count.
    if (done) throw new NetworkError('The server ended the subscription before it was complete.');
    yield* parser.parse(decoder.decode(value, { stream: true }));
  }
}
