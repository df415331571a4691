import { connect } from 'node:net';
import { ExpectedError } from '@shop/process';

const TIMEOUT_MS = 3_000;

/**
 * Checks that somebody listens where `NATS_URL` points to. Services would wait for a broker for ever, and orders with them.
 *
 * @param natsUrl - One URL or several, separated by commas, of which one must answer.
 * @throws ExpectedError with the reason of the last one; it names no credentials.
 */
export async function requireReachable(natsUrl: string): Promise<void> {
  let complaint = '';
  for (const text of natsUrl.split(',')) {
    const url = new URL(text.trim());
    const port = Number(url.port || 4222);
    const failure = await failureOf(url.hostname, port);
    if (failure === null) return;
    complaint = `NATS at ${url.hostname}:${port} cannot be reached (${failure}): start it, correct NATS_URL, or unset it to use the embedded one.`;
  }
  throw new ExpectedError(complaint);
}

function failureOf(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: TIMEOUT_MS });
    const end = (failure: string | null): void => {
      socket.destroy();
      resolve(failure);
    };
    socket.once('connect', () => end(null));
    socket.once('timeout', () => end('no answer'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}
