import { AsyncLocalStorage } from 'node:async_hooks';

/** Milliseconds after which the database ends a statement of the current work. */
const limits = new AsyncLocalStorage<number>();

/**
 * Runs work whose statements the database ends after a time, in pools that {@link readStatementLimit read the limit}. Such a statement
 * fails with the SQLSTATE 57014, and the request with SERVICE_UNAVAILABLE.
 */
export function limitStatements<Result>(timeoutMs: number, work: () => Result): Result {
  return limits.run(timeoutMs, work);
}

/** Returns the limit of the work that is running now, in milliseconds. */
export function readStatementLimit(): number | undefined {
  return limits.getStore();
}
