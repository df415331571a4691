/** The part of a generated Prisma client that transactions need. */
export interface TransactionalClient<Tx> {
  $transaction<Result>(
    work: (tx: Tx) => Promise<Result>,
    options?: { maxWait?: number; timeout?: number },
  ): Promise<Result>;
}

/** Runs work in one transaction: all of it commits, or none. */
export type Transact<Tx> = <Result>(work: (tx: Tx) => Promise<Result>) => Promise<Result>;

const ATTEMPTS = 5;

/**
 * Creates transactions over a Prisma client. Work that loses to a concurrent transaction (serialization failure,
 * deadlock) is repeated from the start, up to 5 times: it must have no effect outside its transaction.
 */
export function createTransact<Tx>(client: TransactionalClient<Tx>): Transact<Tx> {
  return (work) => retryLost(() => client.$transaction(work, { maxWait: 10_000, timeout: 15_000 }));
}

/** Runs one transaction or statement, and repeats it when it loses to a concurrent one, up to 5 times. */
export async function retryLost<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !lostToConcurrentTransaction(error)) throw error;
    }
  }
}

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';

function lostToConcurrentTransaction(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  const sqlState = readSqlState(error);
  return code === 'P2034' || sqlState === SERIALIZATION_FAILURE || sqlState === DEADLOCK_DETECTED;
}

/** Returns whether an insert or update failed because a unique value is already in use. */
export function isUniqueViolation(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'P2002' || readSqlState(error) === '23505';
}

/** Reads the SQLSTATE with which PostgreSQL rejected raw SQL. Returns undefined for other errors. */
export function readSqlState(error: unknown): string | undefined {
  return driverCause(error)?.originalCode;
}

interface DriverCause {
  readonly originalCode?: string;
}

function driverCause(error: unknown): DriverCause | undefined {
  return (error as { meta?: { driverAdapterError?: { cause?: DriverCause } } } | undefined)?.meta?.driverAdapterError
    ?.cause;
}
