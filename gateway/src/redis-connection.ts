import type { Logger } from '@shop/process';
import { Redis } from 'ioredis';

/** A Redis or Valkey server that all gateways share. */
export interface RedisConnection {
  readonly client: Redis;
  /** False while the server is away. */
  isUp(): boolean;
  close(): void;
}

/** Redis answers within a millisecond. Later, and a request would rather go on without it. */
const commandTimeoutMs = 250;

/** Connects, again and again while the server is away. It returns at once. Commands fail at once while the server is away. */
export function connectRedis(url: string, logger: Logger): RedisConnection {
  const client = new Redis(url, {
    commandTimeout: commandTimeoutMs,
    connectTimeout: 5_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(5_000, 100 * 2 ** times),
  });
  let isAway = false;
  const warn = (error?: Error): void => {
    // The end of the process is no outage.
    if (isAway || client.status === 'end') return;
    isAway = true;
    logger.warn({ err: error }, 'Redis is away: each gateway counts rates, and keeps answers, by itself');
  };
  client.on('error', warn);
  client.on('close', () => setImmediate(warn));
  client.on('ready', () => {
    if (isAway) logger.info('Redis is back: the gateways share rates and answers');
    isAway = false;
  });
  return { client, isUp: () => client.status === 'ready', close: () => client.disconnect() };
}
