import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';

/** Structured logger: `logger.info({ orderId }, 'order placed')`. One JSON object a line on standard output. */
export type Logger = PinoLogger;

/** Values under these names never reach a log line, at the top of the object or one level down. */
const secrets = ['password', 'token', 'accessToken', 'refreshToken', 'authorization', 'cookie', 'paymentToken'];

/**
 * @param options.service is written as `service` in each line
 * @param options.level pino's level name, `info` by default
 * @param options.destination standard output by default
 */
export function createLogger(options: { service: string; level?: string; destination?: DestinationStream }): Logger {
  return pino(
    {
      base: { service: options.service },
      level: options.level ?? 'info',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secrets.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
    },
    options.destination ?? pino.destination({ sync: true }),
  );
}
