import type { Logger } from '@shop/process';

/** So many that a shop's own clients never reach it, and so few that a stranger does not fill the log. */
const maxLogged = 1_000;

/** Writes a line for each operation that is not in the manifest, once, without its text: that may hold what is secret. */
export function createUnlistedLog(
  logger: Logger,
): (operation: { id: string; operationName: string | undefined; requestId: string | undefined }) => void {
  const logged = new Set<string>();
  return (operation) => {
    if (logged.has(operation.id) || logged.size >= maxLogged) return;
    logged.add(operation.id);
    logger.warn(operation, 'an operation that is not in the manifest was served');
    if (logged.size === maxLogged)
      logger.warn({ count: maxLogged }, 'further operations that are not in the manifest are not logged');
  };
}
