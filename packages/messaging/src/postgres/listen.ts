import { Client } from 'pg';
import { delayAfter, pause } from '../async/wait.ts';
import type { Logger } from '../logger.ts';
import { Outage } from '../outage.ts';

export interface ListenOptions {
  readonly databaseUrl: string;
  /** The name that the server shows for the connection. Default: `listen-` and the channel. */
  readonly applicationName?: string | undefined;
  readonly channel: string;
  readonly onNotification: () => void;
  readonly logger: Logger;
  /** Ends the listening. */
  readonly signal: AbortSignal;
}

const reconnecting = { firstMs: 100, maxMs: 5_000 };

/**
 * Listens to a channel over its own connection, and reconnects whenever it breaks. Resolves when the signal aborts.
 *
 * It also calls `onNotification` after each connection, since it may have missed notifications before.
 */
export async function listen(options: ListenOptions): Promise<void> {
  const outage = new Outage(options.logger, `listening to ${options.channel}`);
  let failures = 0;
  while (!options.signal.aborted) {
    try {
      await listenOnce(options, () => {
        failures = 0;
        outage.ends();
      });
    } catch (error) {
      failures += 1;
      outage.begins(error);
      await pause(delayAfter(failures, reconnecting), options.signal);
    }
  }
}

async function listenOnce(options: ListenOptions, onListening: () => void): Promise<void> {
  const { databaseUrl, channel, applicationName = `listen-${channel}`, onNotification, signal } = options;
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    application_name: applicationName,
  });
  const broken = new Promise<never>((_resolve, reject) => {
    client.on('error', reject);
    client.on('end', () => reject(new Error('the connection ended')));
  });
  broken.catch(() => {});
  let onAbort = (): void => {};
  const aborted = new Promise<void>((resolve) => {
    onAbort = resolve;
  });
  signal.addEventListener('abort', onAbort);
  try {
    await client.connect();
    client.on('notification', onNotification);
    await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    onListening();
    onNotification();
    if (!signal.aborted) await Promise.race([broken, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    await client.end().catch(() => {});
  }
}
