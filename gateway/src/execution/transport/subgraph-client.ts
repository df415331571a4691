import type { LookupFunction } from 'node:net';
import { notableClockDifferenceMs, type Readiness } from '@shop/process';
import { errors, Pool, type Dispatcher } from 'undici';
import { AnswerReader, type SubgraphAnswer, SubgraphCallError } from './answer-reader.ts';
import { Availability } from './availability.ts';
import { lookupInRandomOrder } from './lookup-in-random-order.ts';

/**
 * A subgraph's report about itself. `away` names dependencies that it can work without for now, such as the broker, and
 * `behind` names work that is overdue, such as pending orders.
 */
export interface SubgraphState {
  readonly status: 'up' | 'down';
  readonly away?: readonly string[];
  readonly behind?: readonly string[];
  /** Milliseconds by which its clock is ahead of the gateway's and of its database's, for each that differs notably. */
  readonly clockDifferenceMs?: Readonly<Record<string, number>>;
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
        return await this.#call(request, Math.ceil(deadlineMs - performance.now())).answer;
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
      const asked = Date.now();
      const reader = this.#call({ path: `${this.#basePath}/health/ready`, method: 'GET' }, timeoutMs);
      const answer = await reader.answer;
      const answered = Date.now();
      if (answer.status !== 200) return { status: 'down' };
      const { checks = {}, behind = [], clockDifferenceMs = {} } = JSON.parse(answer.text) as Partial<Readiness>;
      const away = Object.keys(checks).filter((name) => checks[name]?.status !== 'up');
      const differences = {
        ...readClockDifference(reader.readHeader('date'), { asked, answered }),
        ...clockDifferenceMs,
      };
      return {
        status: 'up',
        ...(away.length === 0 ? {} : { away }),
        ...(behind.length === 0 ? {} : { behind }),
        ...(Object.keys(differences).length === 0 ? {} : { clockDifferenceMs: differences }),
      };
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
      await this.#call({ path: `${this.#basePath}/health/live`, method: 'GET' }, probeTimeoutMs).answer;
      return true;
    } catch {
      return false;
    }
  }

  #call(request: Dispatcher.DispatchOptions, timeoutMs: number): AnswerReader {
    const reader = new AnswerReader({ timeoutMs, maxBytes: this.#maxAnswerBytes });
    this.#pool.dispatch(request, reader);
    return reader;
  }
}

/**
 * Compares a subgraph's clock with ours. Returns an empty object when they may agree.
 *
 * @param date the header of its answer
 */
export function readClockDifference(
  date: string | undefined,
  { asked, answered }: { asked: number; answered: number },
): { gateway?: number } {
  if (date === undefined) return {};
  // The header cuts off the fraction of a second. The subgraph wrote it between our two times.
  const [least, most] = [Date.parse(date) - answered, Date.parse(date) + 1_000 - asked];
  const isNotable = least > notableClockDifferenceMs || most < -notableClockDifferenceMs;
  return isNotable ? { gateway: Math.round((least + most) / 2) } : {};
}
/** False for a mistake in the request, and for a client that is closed. */
function isConnectionFailure({ reason, cause }: SubgraphCallError): boolean {
  return reason === 'connection' && !(cause instanceof errors.UndiciError && !connectionErrors.has(cause.code));
}

const connectionErrors: ReadonlySet<string> = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_SOCKET']);
