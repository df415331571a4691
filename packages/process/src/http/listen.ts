import type { FastifyInstance } from 'fastify';
import { ExpectedError } from '../errors/expected-error.ts';
import { listenOnSocket, writeSocketUrl } from './unix-socket.ts';

/** The port is already in use. The message says what to do. */
export class PortTakenError extends ExpectedError {
  constructor(host: string, port: number, variable?: string) {
    const advice = variable === undefined ? 'set another port' : `set ${variable} to another port`;
    super(`Port ${port} on ${host} is already in use. Stop the other program, or ${advice}.`);
    this.name = 'PortTakenError';
  }
}

/**
 * Listens on a port, or on a Unix socket. The file of a socket is removed when the server closes.
 *
 * @param options.port 0 takes a free one
 * @param options.variable the environment variable that sets the port, for the message
 * @param options.socketPath the file of a socket, in place of the port; undefined, by default, for the port
 * @returns the base URL, without a slash at its end
 * @throws PortTakenError, SocketPathError
 */
export async function listen(
  app: FastifyInstance,
  options: { host: string; port: number; variable?: string; socketPath?: string | undefined },
): Promise<string> {
  const { host, port, variable, socketPath } = options;
  try {
    if (socketPath === undefined) return await app.listen({ host, port });
    await listenOnSocket(socketPath, () => app.listen({ path: socketPath }));
    return writeSocketUrl(socketPath);
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortTakenError(host, port, variable);
    throw error;
  }
}
