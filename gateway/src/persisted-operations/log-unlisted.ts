import type { Logger } from '@shop/process';

/** More than the clients of this project need, and few enough that a stranger cannot fill the log. */
const maxLogged = 1_000;

/** Logs each operation that is not in the manifest once. Its text stays out of the log, since it may contain secrets. */
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
