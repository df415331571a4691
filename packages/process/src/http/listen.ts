import type { FastifyInstance } from 'fastify';
import { ExpectedError } from '../errors/expected-error.ts';

/** The port is already in use. The message says what to do. */
export class PortTakenError extends ExpectedError {
  constructor(host: string, port: number) {
    super(`Port ${port} on ${host} is already in use. Stop the other program, or set another port.`);
    this.name = 'PortTakenError';
  }
}

/**
 * @param port 0 takes a free one
 * @returns the base URL, without a slash at its end
 * @throws PortTakenError
 */
export async function listen(app: FastifyInstance, options: { host: string; port: number }): Promise<string> {
  try {
    return await app.listen(options);
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortTakenError(options.host, options.port);
    throw error;
  }
}
