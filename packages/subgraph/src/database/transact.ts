import { isOutdatedStatement } from '@shop/messaging';
import pg from 'pg';

/** The part of a generated Prisma client that transactions need. */
export interface TransactionalClient<Tx> {
  $transaction<Result>(
    work: (tx: Tx) => Promise<Result>,
    options?: { maxWait?: number; timeout?: number },
  ): Promise<Result>;
}

/** Runs work in one transaction: all of it commits, or none. It fails when it takes longer than `timeoutMs`. Default: 15,000. */
export type Transact<Tx> = <Result>(
  work: (tx: Tx) => Promise<Result>,
  options?: { readonly timeoutMs?: number },
) => Promise<Result>;

/** Options of a transaction that writes hundreds of rows and for which nobody waits but the first start, on a machine that may be slow. */
export const bulkTransaction = { timeoutMs: 120_000 };

const ATTEMPTS = 5;

/** The notes of transactions that have not committed yet. */
const notes = new WeakMap<object, unknown[]>();

/**
 * Notes a change that a transaction makes. Those who listen to the database learn of it once the transaction has committed, and never
 * when it is rolled back or repeated.
 */
export function noteChange(tx: object, note: unknown): void {
  const noted = notes.get(tx);
  if (noted === undefined) notes.set(tx, [note]);
  else noted.push(note);
}

/**
 * Creates transactions over a Prisma client. Work that loses to a concurrent transaction (serialization failure,
 * deadlock) is repeated from the start, up to 5 times: it must have no effect outside its transaction.
 *
 * @param onCommitted gets the notes of transactions that have committed, see {@link noteChange}
 */
export function createTransact<Tx extends object>(
  client: TransactionalClient<Tx>,
  onCommitted: (note: unknown) => void = () => {},
): Transact<Tx> {
  return async (work, { timeoutMs = 15_000 } = {}) => {
    let noted: readonly unknown[] = [];
    const result = await retryLost(() =>
      client.$transaction(
        async (tx) => {
          const value = await work(tx);
          noted = notes.get(tx) ?? [];
          return value;
        },
        { timeout: timeoutMs },
      ),
    );
    for (const note of noted) onCommitted(note);
    return result;
  };
}

/**
 * Runs one transaction or statement, and repeats it up to 5 times when it loses to a concurrent one, or when a migration has outdated a
 * prepared statement.
 */
export async function retryLost<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !isWorthRepeating(error)) throw error;
    }
  }
}

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';

function isWorthRepeating(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  const sqlState = readSqlState(error);
  return (
    code === 'P2034' ||
    sqlState === SERIALIZATION_FAILURE ||
    sqlState === DEADLOCK_DETECTED ||
    isOutdatedStatement(error)
  );
}

/** Returns whether an insert or update failed because a unique value is already in use. */
export function isUniqueViolation(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'P2002' || readSqlState(error) === '23505';
}

/** Returns whether a row could not be written or deleted because of a reference between it and another row. */
export function isForeignKeyViolation(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'P2003' || readSqlState(error) === '23503';
}

/** Reads the SQLSTATE with which PostgreSQL rejected a statement. Returns undefined for other errors. */
export function readSqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : driverCause(error)?.originalCode;
}

interface DriverCause {
  readonly originalCode?: string;
}

function driverCause(error: unknown): DriverCause | undefined {
  return (error as { meta?: { driverAdapterError?: { cause?: DriverCause } } } | undefined)?.meta?.driverAdapterError
    ?.cause;
}

/**
 * Runs a transaction, and once more when it fails because a unique value was taken at the same time: the second run finds the row that
 * has it.
 */
export async function retryWhenTaken<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return work();
  }
}
