import { trace } from '@opentelemetry/api';
import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';

/**
 * Structured logger: `logger.info({ requestId }, 'request failed')`. Writes one JSON object per line to standard
 * output.
 */
export type Logger = PinoLogger;

/** Values under these names never reach the log, at the top of the object or one level below. */
const secrets = ['password', 'token', 'accessToken', 'refreshToken', 'authorization', 'cookie', 'paymentToken'];

/**
 * Texts that never reach the log inside others, such as the message of a database or of a mail server: e-mail addresses, signed tokens,
 * and tokens in links.
 */
const hiddenTexts: readonly (readonly [RegExp, string])[] = [
  // Not after a backslash, which belongs to the next character. The bound keeps long words cheap.
  [/(?<!\\)[\w.!#$%&'*+=?^{|}~-]{1,64}@[a-z\d](?:[a-z\d.-]*[a-z\d])?/gi, '[address]'],
  [/\beyJ[\w-]{8,}(?:\.[\w-]+)+/g, '[token]'],
  [/([?&#](?:token|code|key|password)=)[^\s"&\\]+/gi, '$1[redacted]'],
];

/** Removes from a finished line what no line may have. */
function hideTexts(line: string): string {
  // Most lines have none of these characters.
  if (!line.includes('@') && !line.includes('eyJ') && !line.includes('=')) return line;
  return hiddenTexts.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line);
}

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
      // Where a process has no active span, a line about a request names its trace itself.
      mixin: () => {
        const span = trace.getActiveSpan();
        return span === undefined ? {} : { traceId: span.spanContext().traceId };
      },
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: hideTexts },
      redact: { paths: secrets.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
    },
    options.destination ?? pino.destination({ sync: true }),
  );
}
