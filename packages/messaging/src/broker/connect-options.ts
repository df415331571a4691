import type { ConnectionOptions } from 'nats';
import { inboxPrefix } from '../topology.ts';

/**
 * Returns the client's options for a URL such as `nats://user:password@host:4222`, or for several URLs separated by commas.
 *
 * The client does not read credentials from a URL, so they become options.
 *
 * @throws TypeError when a URL is invalid. The message does not repeat the URL, because it may contain a password.
 */
export function connectOptions(url: string, service: string): ConnectionOptions {
  const servers = url.split(',').map((part) => parse(part.trim()));
  const credentials = servers.find((server) => server.username !== '');
  return {
    servers: servers.map((server) => `${server.hostname}:${server.port === '' ? '4222' : server.port}`),
    ...(servers.some((server) => server.protocol === 'tls:') ? { tls: {} } : {}),
    ...(credentials ? authentication(credentials) : {}),
    name: service,
    inboxPrefix: inboxPrefix(service),
    timeout: 5_000,
    reconnect: true,
    maxReconnectAttempts: -1,
    // By default the client gives up permanently when a password is rejected twice, which may happen while users
    // change.
    ignoreAuthErrorAbort: true,
    // A server that is frozen or cut off closes no connection. It is left after 6 to 9 s, for another one of the cluster.
    pingInterval: 3_000,
    maxPingOut: 2,
    noAsyncTraces: true,
  };
}

function parse(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !['nats:', 'tls:'].includes(parsed.protocol) || parsed.hostname === '') {
    throw new TypeError('The URL of the broker is invalid. It must look like nats://user:password@host:port.');
  }
  return parsed;
}

function authentication(url: URL): ConnectionOptions {
  const user = decodeURIComponent(url.username);
  return url.password === '' ? { token: user } : { user, pass: decodeURIComponent(url.password) };
}
