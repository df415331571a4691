import type { Logger } from '@shop/process';

/** Apollo's libraries log plain text, and announce themselves at info level: that goes to debug. */
export function toApolloLogger(logger: Logger) {
  return {
    debug: (message?: unknown) => logger.debug(String(message)),
    info: (message?: unknown) => logger.debug(String(message)),
    warn: (message?: unknown) => logger.warn(String(message)),
    error: (message?: unknown) => logger.error(String(message)),
  };
}
