import { setImmediate } from 'node:timers/promises';
import type { LookupFunction } from 'node:net';
import { AnswerReader, type SubgraphAnswer, SubgraphCallError } from './answer-reader.ts';
import { Breaker, type BreakerReason, type BreakerState, type CallOutcome } from './breaker.ts';
import type { InstanceLoad } from './choose-instance.ts';
import { ConnectionPool } from './http/connection-pool.ts';
import { HttpError } from './http/http-error.ts';
import { lookupOnly, type InstancePlace } from './instance-directory.ts';
import { lookupInRandomOrder } from './lookup-in-random-order.ts';
import { ShortLivedMap } from './short-lived-map.ts';
import { readEndpoint, type SubgraphEndpoint } from './subgraph-endpoint.ts';
import { readReadiness, type InstanceState } from './subgraph-state.ts';

export interface InstanceOptions {
  /** For a whole call, including the time in the queue and the body. */
  readonly timeoutMs: number;
  /** 128 by default. Further calls wait for a free connection. */
  readonly connections?: number;
  /** Bytes of an answer, 16 MiB by default. */
  readonly maxAnswerBytes?: number;
  /** Milliseconds without a connection after which calls no longer wait. 3,000 by default. */
  readonly maxAwayMs?: number;
  /** How long the breaker stays open after too many calls failed. 5,000 by default. */
  readonly openMs?: number;
  /**
   * How long calls wait in silence until the instance is probed, and how long a probe may take, in milliseconds. Default: a fifth of
   * `timeoutMs`, and 500 at least, so that a frozen instance is noticed before calls time out.
   */
  readonly patienceMs?: number;
  /** Resolves the host name. DNS by default. */
  readonly lookup?: LookupFunction;
  /** False for a subgraph without the routes `/health/live` and `/health/ready`: its calls tell how it is. Default: true. */
  readonly hasHealthRoutes?: boolean;
}

export interface BreakerChange {
  /** The URL, and the address if its host name has several. */
  readonly instance: string;
  readonly state: BreakerState;
  readonly reason: BreakerReason;
}

export interface InstanceRequest {
  /** Default: that of the endpoint. */
  readonly path?: string;
  readonly method: 'GET' | 'POST';
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Tells whether the call may be ended without an answer when the instance is frozen. Default: no. */
  readonly isRepeatable?: () => boolean;
  /** Calls of one group may share a connection, where their answers come in order. Default: the call has one of its own. */
  readonly group?: string | undefined;
}

interface CallInFlight {
  readonly reader: AnswerReader;
  /** The tick of the watch at its start. */
  readonly startedAt: number;
  readonly isRepeatable: () => boolean;
}

const never = (): boolean => false;

const probeTimeoutMs = 1_000;

/** So many probes in sequence must be late until an instance counts as frozen. */
const lateProbes = 2;

/**
 * One instance of a subgraph: a pool of connections, and a breaker. Each call is limited in time and size.
 *
 * While calls wait and nothing is heard from the instance, it is probed. When it does not answer the probes either, it is frozen: its
 * breaker opens, and the calls that wait end, if they are repeatable. A slow operation alone never has that effect.
 */
export class SubgraphInstance implements InstanceLoad {
  readonly #name: string;
  readonly #options: InstanceOptions;
  readonly #breaker: Breaker;
  readonly #pool: ConnectionPool;
  /** Connections of their own, so that probes do not wait for slow calls. */
  readonly #probePool: ConnectionPool;
  readonly #endpoint: SubgraphEndpoint;
  readonly #patienceMs: number;
  readonly #calls = new ShortLivedMap<CallInFlight, CallInFlight>();
  /** Counts the parts of answers that came. */
  #signs = 0;
  /** Counts how often the watch has looked. Two ticks take as long as calls are patient. */
  #ticks = 0;
  /** The last tick before which a sign came, and the number of signs then. */
  #lastHeard = { tick: 0, signs: 0 };
  #watch: NodeJS.Timeout | undefined;
  #isVerifying = false;
  readonly #countSign = (): void => void (this.#signs += 1);

  constructor(place: InstancePlace, options: InstanceOptions, onChange: (change: BreakerChange) => void) {
    this.#endpoint = readEndpoint(place.url);
    const { origin } = this.#endpoint;
    this.#name = place.address === undefined ? origin : `${origin} at ${place.address.address}`;
    this.#options = options;
    this.#patienceMs = options.patienceMs ?? Math.max(500, options.timeoutMs / 5);
    const lookup = place.address === undefined ? (options.lookup ?? lookupInRandomOrder) : lookupOnly(place.address);
    const openPool = (connections: number): ConnectionPool =>
      new ConnectionPool(origin, { connections, lookup, timeoutMs: options.timeoutMs });
    this.#pool = openPool(options.connections ?? 128);
    this.#probePool = openPool(2);
    this.#breaker = new Breaker({
      probe: async () => (await this.#probe(probeTimeoutMs)) === 'answered',
      maxAwayMs: options.maxAwayMs ?? 3_000,
      ...(options.openMs === undefined ? {} : { openMs: options.openMs }),
      onChange: (state, reason) => onChange({ instance: this.#name, state, reason }),
    });
  }

  get isAvailable(): boolean {
    return this.#breaker.admits;
  }

  get breakerState(): BreakerState {
    return this.#breaker.state;
  }

  get inFlight(): number {
    return this.#calls.size;
  }

  /** See {@link Breaker.waitUntilMs}. */
  get waitUntilMs(): number {
    return this.#breaker.waitUntilMs;
  }

  /**
   * Sends a request.
   *
   * @throws SubgraphCallError
   */
  async call(request: InstanceRequest, timeoutMs: number): Promise<SubgraphAnswer> {
    const ticket = this.#breaker.start();
    const reader = this.#dispatch(this.#pool, request, timeoutMs);
    const call = { reader, startedAt: this.#ticks, isRepeatable: request.isRepeatable ?? never };
    this.#calls.set(call, call);
    this.#watch ??= setInterval(() => this.#listen(), this.#patienceMs / 2).unref();
    let outcome: CallOutcome = 'abandoned';
    try {
      const answer = await reader.answer;
      outcome = answer.status < 500 ? 'answered' : 'failed';
      return answer;
    } catch (error) {
      outcome = toOutcome(error);
      throw error;
    } finally {
      this.#calls.delete(call);
      this.#breaker.finish(ticket, outcome);
    }
  }

  /** Tells whether the instance is ready. Never rejects: a late answer counts as down. */
  async readState(timeoutMs: number, headers: Record<string, string> = {}): Promise<InstanceState> {
    const { state } = this.#breaker;
    const breaker = state === 'closed' ? {} : { breaker: state };
    const byCalls = { status: state === 'closed' ? 'up' : 'down', judgedBy: 'calls', ...breaker } as const;
    if (this.#options.hasHealthRoutes === false) return byCalls;
    try {
      const askedAt = Date.now();
      const reader = this.#dispatch(this.#probePool, { path: '/health/ready', method: 'GET', headers }, timeoutMs);
      const { status, text } = await reader.answer;
      // A subgraph of others that has the name of one of ours.
      if (status === 404) return byCalls;
      if (status !== 200) return { status: 'down', ...breaker };
      const report = { text, date: reader.readHeader('date'), askedAt, answeredAt: Date.now() };
      return { ...readReadiness(report), ...breaker };
    } catch {
      return { status: 'down', ...breaker };
    }
  }

  /** Ends the calls in flight, then closes. */
  async close(): Promise<void> {
    this.#breaker.close();
    await Promise.all([this.#pool.close(), this.#probePool.close()]);
    clearInterval(this.#watch);
  }

  /** Looks whether anything was heard from the instance while calls wait. */
  #listen(): void {
    const [oldest] = this.#calls.values();
    if (oldest === undefined) {
      clearInterval(this.#watch);
      this.#watch = undefined;
      return;
    }
    this.#ticks += 1;
    if (this.#lastHeard.signs !== this.#signs) this.#lastHeard = { tick: this.#ticks, signs: this.#signs };
    const silentFor = this.#ticks - Math.max(oldest.startedAt, this.#lastHeard.tick);
    // The first tick may come at once.
    if (silentFor >= 3 && this.#breaker.state === 'closed') void this.#verify();
  }

  async #verify(): Promise<void> {
    if (this.#isVerifying) return;
    this.#isVerifying = true;
    try {
      const signs = this.#signs;
      for (let late = 0; late < lateProbes; late += 1) {
        if ((await this.#probe(this.#patienceMs)) !== 'late') return;
        // When this process was late itself, an answer may be there that it has not read.
        await setImmediate();
        if (this.#signs !== signs) return;
      }
      this.#breaker.reportFreeze();
      for (const { reader, isRepeatable } of this.#calls.values())
        if (reader.progress === 'unsent' || (reader.progress === 'sent' && isRepeatable())) reader.abandon();
    } finally {
      this.#isVerifying = false;
    }
  }

  /** Any answer will do: the subgraph itself reports what it lacks. */
  async #probe(timeoutMs: number): Promise<'answered' | 'refused' | 'late'> {
    const { hasHealthRoutes = true } = this.#options;
    const path = hasHealthRoutes ? '/health/live' : addQuery(this.#endpoint.path, 'query=%7B__typename%7D');
    try {
      await this.#dispatch(this.#probePool, { path, method: 'GET' }, timeoutMs).answer;
      return 'answered';
    } catch (error) {
      return error instanceof SubgraphCallError && error.reason === 'timeout' ? 'late' : 'refused';
    }
  }

  #dispatch(
    pool: ConnectionPool,
    { path, method, headers, body, group }: InstanceRequest,
    timeoutMs: number,
  ): AnswerReader {
    const reader = new AnswerReader({
      timeoutMs,
      maxBytes: this.#options.maxAnswerBytes ?? 16 * 1024 * 1024,
      onSign: this.#countSign,
    });
    reader.follow(pool.send({ path: path ?? this.#endpoint.path, method, headers, body, group }, reader));
    return reader;
  }
}

const addQuery = (path: string, query: string): string => `${path}${path.includes('?') ? '&' : '?'}${query}`;

/** True when the instance could not be reached. False for a mistake in the request, and for connections that are closed. */
export function isConnectionFailure({ reason, cause }: SubgraphCallError): boolean {
  return reason === 'connection' && !(cause instanceof HttpError);
}

function toOutcome(error: unknown): CallOutcome {
  if (!(error instanceof SubgraphCallError)) return 'abandoned';
  if (error.reason === 'timeout') return 'failed';
  return isConnectionFailure(error) ? 'disconnected' : 'abandoned';
}
