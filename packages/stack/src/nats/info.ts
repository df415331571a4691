import { connect } from 'node:net';

/** What a nats-server says of itself to whoever connects, before any authentication. */
export interface ServerInfo {
  readonly version: string;
  readonly jetstream?: boolean;
}

/** Connects, reads the server's `INFO` line and hangs up; `null` when nobody answers like a nats-server. */
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
