import type { Logger } from '@shop/process';

/**
 * Logs messages of Apollo's libraries. They log plain text, and log their start at info level, which goes to debug
 * here.
 */
export function toApolloLogger(logger: Logger) {
  return {
    debug: (message?: unknown) => logger.debug(String(message)),
    info: (message?: unknown) => logger.debug(String(message)),
    warn: (message?: unknown) => logger.warn(String(message)),
    error: (message?: unknown) => logger.error(String(message)),
  };
}
