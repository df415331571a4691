import type pg from 'pg';
import { adopt } from './adopted-connection.ts';
import { OpenTransaction } from './open-transaction.ts';
import { override } from './override.ts';
import type { RawSqlClient } from './sql.ts';
import type { Statements } from './statements.ts';
import type { TransactionalClient } from './transact.ts';

/** Milliseconds that a transaction may take by default, as in Prisma. */
const DEFAULT_TIMEOUT_MS = 5_000;
/** Prisma's own limits for a transaction that is a part of ours: ours end it. */
const unlimited = { maxWait: 2 ** 31 - 1, timeout: 2 ** 31 - 1 };

/**
 * Lets raw SQL and transactions of a Prisma client go to `pg` without Prisma, which takes several times as long for them. Prisma joins a
 * transaction when its work uses a model: it sees the same transaction, on the same connection.
 */
export function directClient<Tx extends object, Client extends TransactionalClient<Tx> & RawSqlClient>(
  client: Client,
  pool: pg.Pool,
  statements: Statements,
): Client {
  async function transact<Result>(
    work: (tx: Tx) => Promise<Result>,
    { timeout = DEFAULT_TIMEOUT_MS }: { timeout?: number } = {},
  ): Promise<Result> {
    const transaction = await OpenTransaction.begin(pool, statements, timeout);
    const prisma = new PrismaPart<Tx>(client, transaction);
    try {
      const result = await work(transactionClient<Tx>(transaction, prisma));
      await prisma.end();
      await transaction.commit();
      return result;
    } catch (error) {
      await prisma.end();
      await transaction.rollBack();
      throw error;
    }
  }

  return override(client, {
    $queryRawUnsafe: (text: string, ...values: unknown[]) => statements.query(pool, text, values, { isAlone: true }),
    // Prisma also takes a list of its own statements.
    $transaction: (work: Parameters<Client['$transaction']>[0], options?: { timeout?: number }) =>
      typeof work === 'function' ? transact(work, options) : client.$transaction(work, options),
  });
}

/** Prisma's part of a transaction, which begins when it is needed. */
class PrismaPart<Tx> {
  readonly #client: TransactionalClient<Tx>;
  readonly #transaction: OpenTransaction;
  #begun: Promise<Tx> | undefined;
  #running: Promise<void> | undefined;
  #finish: (() => void) | undefined;

  constructor(client: TransactionalClient<Tx>, transaction: OpenTransaction) {
    this.#client = client;
    this.#transaction = transaction;
  }

  begin(): Promise<Tx> {
    return (this.#begun ??= new Promise((resolve, reject) => {
      const finished = new Promise<void>((finish) => (this.#finish = finish));
      this.#running = adopt(this.#transaction, () =>
        this.#client.$transaction((tx) => {
          resolve(tx);
          return finished;
        }, unlimited),
      ).catch(reject);
    }));
  }

  async end(): Promise<void> {
    this.#finish?.();
    await this.#running;
  }
}

/** The client of a transaction: raw SQL goes to its connection, and all else to Prisma. */
function transactionClient<Tx>(transaction: OpenTransaction, prisma: PrismaPart<Tx>): Tx {
  const call = async (find: (tx: Tx) => unknown, name: string, args: unknown[]): Promise<unknown> => {
    transaction.requireConnection();
    const target = find(await prisma.begin()) as Record<string, (...args: unknown[]) => unknown>;
    return target[name]?.(...args);
  };
  const members: Record<string, unknown> = {
    $queryRawUnsafe: async (text: string, ...values: unknown[]) => transaction.query(text, values),
  };
  return onDemand((name) =>
    name.startsWith('$')
      ? (members[name] ?? ((...args: unknown[]) => call((tx) => tx, name, args)))
      : onDemand(
          (method) =>
            (...args: unknown[]) =>
              call((tx) => tx[name as keyof Tx], method, args),
        ),
  ) as Tx;
}

/** An object whose members are made when they are asked for. It is no promise. */
function onDemand(make: (name: string) => unknown): object {
  const made = new Map<string, unknown>();
  return new Proxy(
    {},
    {
      get(_, name) {
        if (typeof name !== 'string' || name === 'then') return undefined;
        if (!made.has(name)) made.set(name, make(name));
        return made.get(name);
      },
    },
  );
}
