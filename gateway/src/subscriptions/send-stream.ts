import type { ServerResponse } from 'node:http';
import type { Logger } from '@shop/process';
import type { LiveMessage } from '../live/live-stream.ts';
import type { OpenSubscription } from './open-subscriptions.ts';
import type { StreamFormat } from './stream-formats.ts';

export interface SendStreamOptions {
  readonly response: ServerResponse;
  readonly subscription: OpenSubscription;
  readonly format: StreamFormat;
  /** Milliseconds between pings. */
  readonly pingMs: number;
  /** Milliseconds after which the server cuts a client that takes nothing. */
  readonly stallMs: number;
  readonly requestId: string;
  readonly logger: Logger;
}

/**
 * Writes a subscription as the body of an answer whose headers are set, and ends the answer. It never rejects.
 *
 * The next message is taken when the connection has taken the one before, so that a client that is slow gets the newest state, and the
 * gateway keeps one message for it. The HTTP server cuts the connection of a client that takes nothing.
 */
export async function sendStream(options: SendStreamOptions): Promise<void> {
  const { response, subscription, format, pingMs, stallMs, requestId, logger } = options;
  const { stream } = subscription;
  let waitsSince: number | undefined;
  response.once('close', () => {
    const isStalled = waitsSince !== undefined && performance.now() - waitsSince >= stallMs;
    stream.end(isStalled ? 'slow' : 'closed');
  });
  // Written to a client that has left.
  response.on('error', () => stream.end('closed'));
  if (response.destroyed) stream.end('closed');
  const pings = setInterval(() => void (response.writableLength === 0 && response.write(format.ping)), pingMs);
  try {
    response.write(format.start);
    let message: LiveMessage | undefined;
    while ((message = await stream.next()) !== undefined) {
      subscription.countMessage();
      if (response.write(format.message(message))) continue;
      waitsSince = performance.now();
      await whenWritable(response);
      waitsSince = undefined;
    }
  } catch (error) {
    logger.error({ err: error, requestId }, 'a subscription failed');
    stream.end('restart');
  } finally {
    clearInterval(pings);
    subscription.finish();
  }
  const ending = stream.ending ?? 'complete';
  if (ending === 'slow' || ending === 'closed') response.destroy();
  else response.end(format.end(ending));
}

/** Resolves when the response takes more, or is closed. */
function whenWritable(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed || response.closed) return resolve();
    const finish = (): void => {
      response.off('drain', finish);
      response.off('close', finish);
      resolve();
    };
    response.on('drain', finish);
    response.on('close', finish);
  });
}
