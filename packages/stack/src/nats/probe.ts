import { connect } from 'node:net';
import { ExpectedError } from '@shop/process';

/** The information that a nats-server sends to each client before authentication. */
export interface ServerInfo {
  readonly version: string;
  readonly jetstream?: boolean;
}

/** Connects, reads the server's `INFO` line and disconnects; `null` when no nats-server answers. */
export function readServerInfo(port: number, host = '127.0.0.1', timeoutMs = 1_000): Promise<ServerInfo | null> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: timeoutMs });
    let text = '';
    const end = (info: ServerInfo | null): void => {
      socket.destroy();
      resolve(info);
    };
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const match = /^INFO (\{.*\})\s*\r\n/.exec(text);
      if (match?.[1] !== undefined) end(JSON.parse(match[1]) as ServerInfo);
    });
    socket
      .once('timeout', () => end(null))
      .once('error', () => end(null))
      .once('close', () => end(null));
  });
}

/** Milliseconds to wait for a connection to a broker that a person named. */
const TIMEOUT_MS = 3_000;

/**
 * Checks that a server listens at `NATS_URL`. Without one, the services would wait without end and deliver no event.
 *
 * @param natsUrl - One URL, or several separated by commas. One of them must answer.
 * @throws ExpectedError with the reason of the last one, without its credentials.
 */
export async function requireReachable(natsUrl: string): Promise<void> {
  let complaint = '';
  for (const text of natsUrl.split(',')) {
    const url = new URL(text.trim());
    const port = Number(url.port || 4222);
    const failure = await findFailure(url.hostname, port);
    if (failure === null) return;
    complaint =
      `NATS at ${url.hostname}:${port} cannot be reached (${failure}). ` +
      `Start it, correct NATS_URL, or unset it to use the embedded one.`;
  }
  throw new ExpectedError(complaint);
}

function findFailure(host: string, port: number): Promise<string | null> {
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
