import type { FastifyInstance } from 'fastify';
import { ExpectedError } from '../errors/expected-error.ts';

/** The port is already in use. The message says what to do. */
export class PortTakenError extends ExpectedError {
  constructor(host: string, port: number, variable?: string) {
    const advice = variable === undefined ? 'set another port' : `set ${variable} to another port`;
    super(`Port ${port} on ${host} is already in use. Stop the other program, or ${advice}.`);
    this.name = 'PortTakenError';
  }
}

/**
 * @param options.port 0 takes a free one
 * @param options.variable the environment variable that sets the port, for the message
 * @returns the base URL, without a slash at its end
 * @throws PortTakenError
 */
export async function listen(
  app: FastifyInstance,
  { host, port, variable }: { host: string; port: number; variable?: string },
): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortTakenError(host, port, variable);
    throw error;
  }
}
