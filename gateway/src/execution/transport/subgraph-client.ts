import type { LookupFunction } from 'node:net';
import { errors, Pool, type Dispatcher } from 'undici';
import { AnswerReader, type SubgraphAnswer, SubgraphCallError } from './answer-reader.ts';
import { Availability } from './availability.ts';
import { lookupInRandomOrder } from './lookup-in-random-order.ts';

/** A subgraph's report about itself. `away` names dependencies that it can work without for now, such as the broker. */
export interface SubgraphState {
  readonly status: 'up' | 'down';
  readonly away?: readonly string[];
}

export interface SubgraphClientOptions {
  readonly name: string;
  /** Base URL. `/graphql` and `/health/ready` are below it. */
  readonly url: string;
  /** For a whole call, including the time in the queue and the body. */
  readonly timeoutMs: number;
  /** 128 by default. Further calls wait for a free connection. */
  readonly connections?: number;
  /** Bytes of an answer, 16 MiB by default. */
  readonly maxAnswerBytes?: number;
  /** Milliseconds without a connection after which the subgraph counts as down: calls fail at once. 3,000 by default. */
  readonly maxAwayMs?: number;
  /** Resolves the host name to the addresses of the replicas. DNS by default. */
  readonly lookup?: LookupFunction;
}

/**
 * How often a call is sent again after its connection broke. More replicas than that do not stop at the same time, and a call that
 * makes a subgraph crash must not end replica after replica.
 */
const maxResends = 2;

const probeTimeoutMs = 1_000;

/** A pool of connections to one subgraph. Each call is limited in time and size, and survives a restart of the subgraph. */
export class SubgraphClient {
  readonly name: string;
  readonly #availability: Availability;
  readonly #pool: Pool;
  readonly #basePath: string;
  readonly #timeoutMs: number;
  readonly #maxAnswerBytes: number;

  constructor(options: SubgraphClientOptions) {
    const { origin, pathname } = new URL(options.url);
    this.name = options.name;
    this.#basePath = pathname.replace(/\/+$/, '');
    this.#timeoutMs = options.timeoutMs;
    this.#maxAnswerBytes = options.maxAnswerBytes ?? 16 * 1024 * 1024;
    this.#pool = new Pool(origin, {
      connections: options.connections ?? 128,
      // One call at a time on a connection, so that a slow call does not delay others.
      pipelining: 1,
      keepAliveTimeout: 10_000,
      connect: { timeout: options.timeoutMs, lookup: options.lookup ?? lookupInRandomOrder },
      // The timer of each call replaces these.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#availability = new Availability({
      probe: () => this.#isAnswering(),
      maxAwayMs: options.maxAwayMs ?? 3_000,
    });
  }

  /**
   * Sends an operation. A call that was not sent, because no connection could be made, waits until the subgraph is back. A call whose
   * connection broke before the answer began is sent again, if it is repeatable.
   *
   * @param isRepeatable whether the subgraph may execute the operation twice; called only after a connection broke
   * @throws SubgraphCallError
   */
  async postGraphQL(
    body: string,
    headers: Record<string, string>,
    isRepeatable: () => boolean = () => false,
  ): Promise<SubgraphAnswer> {
    const request = { path: `${this.#basePath}/graphql`, method: 'POST', headers, body } as const;
    const deadlineMs = performance.now() + this.#timeoutMs;
    let failure: SubgraphCallError | undefined;
    for (let resends = 0; ;) {
      if (this.#availability.isAway && !(await this.#availability.wait(deadlineMs)))
        throw failure ?? new SubgraphCallError('connection', 'the subgraph is down', { progress: 'unsent' });
      try {
        return await this.#call(request, Math.ceil(deadlineMs - performance.now()));
      } catch (error) {
        if (!(error instanceof SubgraphCallError) || !isConnectionFailure(error)) throw error;
        this.#availability.reportAway();
        if (error.progress !== 'unsent') {
          if (error.progress === 'answering' || resends === maxResends || !isRepeatable()) throw error;
          resends += 1;
        }
        failure = error;
      }
    }
  }

  /** Asks the subgraph whether it is ready. Never rejects: a late answer counts as down. */
  async readState(timeoutMs: number): Promise<SubgraphState> {
    try {
      const { status, text } = await this.#call({ path: `${this.#basePath}/health/ready`, method: 'GET' }, timeoutMs);
      if (status !== 200) return { status: 'down' };
      const { checks = {} } = JSON.parse(text) as { checks?: Record<string, { status: 'up' | 'down' }> };
      const away = Object.keys(checks).filter((name) => checks[name]?.status !== 'up');
      return away.length === 0 ? { status: 'up' } : { status: 'up', away };
    } catch {
      return { status: 'down' };
    }
  }

  close(): Promise<void> {
    this.#availability.close();
    return this.#pool.close();
  }

  /** Any answer will do: the subgraph itself reports what it lacks. */
  async #isAnswering(): Promise<boolean> {
    try {
      await this.#call({ path: `${this.#basePath}/health/live`, method: 'GET' }, probeTimeoutMs);
      return true;
    } catch {
      return false;
    }
  }

  #call(request: Dispatcher.DispatchOptions, timeoutMs: number): Promise<SubgraphAnswer> {
    const reader = new AnswerReader({ timeoutMs, maxBytes: this.#maxAnswerBytes });
    this.#pool.dispatch(request, reader);
    return reader.answer;
  }
}

/** False for a mistake in the request, and for a client that is closed. */
function isConnectionFailure({ reason, cause }: SubgraphCallError): boolean {
  return reason === 'connection' && !(cause instanceof errors.UndiciError && !connectionErrors.has(cause.code));
}

const connectionErrors: ReadonlySet<string> = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_SOCKET']);
