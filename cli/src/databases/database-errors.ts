import { nameVariables, type ServiceName } from '@shop/contracts';
import { UnavailableError } from '../command-line/failures.ts';

/** PostgreSQL's code for a table that does not exist. */
const UNDEFINED_TABLE = '42P01';

/** A database that could not be reached, or refused the connection. */
export function describeConnectionError(name: ServiceName, error: unknown): UnavailableError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = [code, message].filter((part) => part !== undefined && part !== '').join(': ');
  return new UnavailableError(
    `The database of ${name} cannot be reached (${reason}). ` +
      `Start the system with "npm start", or check ${nameVariables(name).databaseUrl}.`,
    { cause: error },
  );
}

/** A failed query's error. An error that a person can correct becomes a sentence. */
export function describeQueryError(name: ServiceName, error: unknown): unknown {
  const { code, message } = error as { code?: string; message?: string };
  if (code === UNDEFINED_TABLE)
    return new UnavailableError(
      `The database of ${name} has not been migrated (${message}). Run: npm run shop -- migrate`,
      { cause: error },
    );
  if (message === 'Connection terminated unexpectedly' || code === '57P01') return describeConnectionError(name, error);
  return error;
}
