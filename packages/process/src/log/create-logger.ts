import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';

/**
 * Structured logger: `logger.info({ requestId }, 'request failed')`. Writes one JSON object per line to standard
 * output.
 */
export type Logger = PinoLogger;

/** Values under these names never reach the log, at the top of the object or one level below. */
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
