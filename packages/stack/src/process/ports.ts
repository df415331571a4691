import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Linux and macOS give higher ports to outgoing connections, which could take a port after it was chosen. */
const [FIRST_PORT, LAST_PORT] = [20_000, 32_000];

/** A TCP port on 127.0.0.1 that is free now. It is random, so that processes which choose at the same time choose different ports. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if ((await whyPortIsUnusable(port)) === null) return port;
  }
}

/** Why a server cannot listen on this port (`EADDRINUSE`, `EACCES`, …), or `null` if it can. */
export function whyPortIsUnusable(port: number, host = '127.0.0.1'): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
