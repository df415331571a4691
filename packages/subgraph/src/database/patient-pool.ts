import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { override } from './override.ts';
import { SESSION_STATEMENT_TIMEOUT_MS, type poolOptions } from './pool-options.ts';

/** Two connections stay open when idle: a server whose disk is full may accept no new ones, and still answers on these. */
const MIN_CONNECTIONS = 2;
/** The longest pause before the next try. It doubles with each refusal while no connection is open. */
const RETRY_MS = 25;
/**
 * The refusal that is reported when no connection is open, after less than a second. One refusal says little: the server may refuse all
 * connections that are asked for at the same moment, although it has room for some of them.
 */
const MAX_REFUSALS = 5;

type Callback = Parameters<typeof pg.Pool.prototype.connect>[0];

/**
 * A pool that makes do with the connections it has. A pool of `pg` closes a connection after each statement that fails, and rejects a
 * query when the server accepts no further connection, although others are open or will be.
 */
export class PatientPool extends pg.Pool {
  readonly #timeoutMs: number;
  /** A pooler accepts no settings: its sessions have those of its own configuration. */
  readonly #canSet: boolean;
  /** The timeouts of sessions whose timeout was set. */
  readonly #timeouts = new WeakMap<pg.PoolClient, number>();
  /** Connections that serve a query or a transaction. */
  #busy = 0;

  constructor(options: ReturnType<typeof poolOptions>) {
    super({ min: Math.min(MIN_CONNECTIONS, options.max), ...options });
    this.#timeoutMs = options.connectionTimeoutMillis;
    this.#canSet = 'statement_timeout' in options;
    // Without a listener an idle connection that breaks would end the process. The pool replaces it.
    this.on('error', () => {});
    this.on('acquire', () => (this.#busy += 1));
    this.on('release', () => (this.#busy -= 1));
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<pg.PoolClient> | void {
    return callback === undefined ? this.#checkOut(SESSION_STATEMENT_TIMEOUT_MS) : super.connect(callback);
  }

  // `pg` has seven signatures for it. All callers here await the result.
  // oxlint-disable-next-line typescript/no-explicit-any -- as in the types of `pg`
  override query(...args: any[]): Promise<any> {
    return this.#query(SESSION_STATEMENT_TIMEOUT_MS, args);
  }

  /** The same pool for work whose statements the database ends after some milliseconds: they fail with the SQLSTATE 57014. */
  limitStatements(timeoutMs: number): pg.Pool {
    const limitMs = Math.min(timeoutMs, SESSION_STATEMENT_TIMEOUT_MS);
    return override<pg.Pool>(this, {
      connect: () => this.#checkOut(limitMs),
      query: (...args: unknown[]) => this.#query(limitMs, args),
    });
  }

  async #query(timeoutMs: number, args: readonly unknown[]): Promise<unknown> {
    const client = await this.#checkOut(timeoutMs);
    let failure: unknown;
    try {
      return await (client.query as (...args: unknown[]) => Promise<unknown>)(...args);
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      client.release(failure !== undefined && !leavesSessionUsable(failure));
    }
  }

  async #checkOut(timeoutMs: number): Promise<pg.PoolClient> {
    const client = await this.#connect();
    // Most connections serve requests again and again, so that this statement is rare.
    if (!this.#canSet || timeoutMs === (this.#timeouts.get(client) ?? SESSION_STATEMENT_TIMEOUT_MS)) return client;
    try {
      await client.query(`SET statement_timeout = ${timeoutMs}`);
    } catch (error) {
      client.release(true);
      throw error;
    }
    this.#timeouts.set(client, timeoutMs);
    return client;
  }

  async #connect(): Promise<pg.PoolClient> {
    const deadline = performance.now() + this.#timeoutMs;
    for (let refusals = 1; ; refusals += 1) {
      try {
        return await super.connect();
      } catch (error) {
        if (!isOutOfResources(error) || performance.now() >= deadline) throw error;
        if (this.#busy + this.idleCount > 0) refusals = 0;
        else if (refusals === MAX_REFUSALS) throw error;
        await sleep(Math.random() * RETRY_MS * 2 ** refusals);
      }
    }
  }
}

/** The server answered that the statement failed. After anything else, an answer may still be under way. */
export function leavesSessionUsable(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR';
}

/** Class 53 of SQLSTATE, such as a full disk or too many connections. */
function isOutOfResources(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code?.startsWith('53') === true;
}
