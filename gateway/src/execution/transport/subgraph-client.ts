import type { Logger } from '@shop/process';
import type { SigningMetrics } from '../../telemetry/signing-metrics.ts';
import { type SubgraphAnswer, SubgraphCallError } from './answer-reader.ts';
import type { BreakerState } from './breaker.ts';
import { chooseInstance } from './choose-instance.ts';
import { InstanceDirectory } from './instance-directory.ts';
import { RetryBudget } from './retry-budget.ts';
import { defaultPath, readEndpoint } from './subgraph-endpoint.ts';
import {
  isConnectionFailure,
  SubgraphInstance,
  type BreakerChange,
  type InstanceOptions,
  type InstanceRequest,
} from './subgraph-instance.ts';
import { mergeStates, type SubgraphState } from './subgraph-state.ts';

export interface SubgraphClientOptions extends InstanceOptions {
  readonly name: string;
  /** One for each instance. A URL without a path has the endpoint `/graphql`. A host name may have several addresses. */
  readonly urls: readonly string[];
  /** How many calls may wait for a subgraph that restarts, 1,000 by default. Further ones fail at once. */
  readonly maxWaiting?: number;
  /** Milliseconds between two lookups of the host names, 10,000 by default. */
  readonly refreshMs?: number;
  /** Gets a line when a breaker changes. */
  readonly logger?: Logger;
  /** Default: nothing is measured. */
  readonly metrics?: Pick<SigningMetrics, 'resends' | 'breakerChanges'>;
}

export interface PostOptions {
  /** Tells whether the subgraph may execute the operation twice. Called only when no answer came. Default: no. */
  readonly isRepeatable?: (() => boolean) | undefined;
  /** The text of a query: calls with the same text may share a connection. Default: the call has one of its own. */
  readonly group?: string | undefined;
  /** The end of the time limit, by the steady clock. Default: `timeoutMs` from now. */
  readonly deadlineMs?: number | undefined;
  /** The instance of an earlier attempt, which is chosen again if possible. The call sets it. */
  readonly route?: { instance?: SubgraphInstance };
}

/**
 * How often a call is sent again after its connection broke. More instances than that do not stop at the same time, and a call that
 * makes a subgraph crash must not end instance after instance.
 */
const maxResends = 2;

/** The calls to one subgraph. They go to the instance with the fewest calls in flight, and survive a restart of the subgraph. */
export class SubgraphClient {
  readonly name: string;
  /** The path of its endpoint, for traces. */
  readonly path: string;
  readonly #options: SubgraphClientOptions;
  readonly #directory: InstanceDirectory<SubgraphInstance>;
  readonly #budget = new RetryBudget();
  /** Wakes the calls that wait for an instance. */
  readonly #waiting = new Set<() => void>();

  constructor(options: SubgraphClientOptions) {
    const { urls, refreshMs, lookup } = options;
    this.name = options.name;
    this.path = urls[0] === undefined ? defaultPath : readEndpoint(urls[0]).path.replace(/\?.*/, '');
    this.#options = options;
    this.#directory = new InstanceDirectory({
      urls,
      open: (place) => new SubgraphInstance(place, options, (change) => this.#followBreaker(change)),
      onChange: () => this.#wake(),
      lookup,
      ...(refreshMs === undefined ? {} : { refreshMs }),
    });
  }

  /** The end of the time limit of a call that begins now, by the steady clock. */
  getDeadline(): number {
    return performance.now() + this.#options.timeoutMs;
  }

  /**
   * Sends an operation. A call that was not sent, because no connection could be made, goes to another instance, or waits until one is
   * back. A call that was sent, and whose connection broke before the answer began, is sent again if it is repeatable and the budget of
   * repetitions allows it. So is one to an instance that turns out to be frozen.
   *
   * @throws SubgraphCallError
   */
  postGraphQL(body: string, headers: Record<string, string>, options: PostOptions = {}): Promise<SubgraphAnswer> {
    const { isRepeatable = () => false, group, deadlineMs = this.getDeadline(), route = {} } = options;
    const request = { method: 'POST', headers, body, isRepeatable, group } as const;
    return this.#send(request, deadlineMs, route);
  }

  /**
   * Gets a document from any instance.
   *
   * @param path at the root of its host
   * @throws SubgraphCallError
   */
  get(path: string, timeoutMs: number): Promise<SubgraphAnswer> {
    return this.#send({ path, method: 'GET', isRepeatable: () => true }, performance.now() + timeoutMs, {});
  }

  /** Asks all instances whether they are ready. Never rejects: a late answer counts as down. */
  async readState(timeoutMs: number, headers?: Record<string, string>): Promise<SubgraphState> {
    const { instances } = this.#directory;
    return mergeStates(await Promise.all(instances.map((instance) => instance.readState(timeoutMs, headers))));
  }

  /** The calls in flight and those that wait for an instance, and the number of instances by the state of their breaker. */
  readLoad(): {
    readonly inFlight: number;
    readonly waiting: number;
    readonly breakers: Readonly<Record<BreakerState, number>>;
  } {
    const { instances } = this.#directory;
    const breakers = { closed: 0, waiting: 0, open: 0, 'half-open': 0 };
    for (const { breakerState } of instances) breakers[breakerState] += 1;
    return {
      inFlight: instances.reduce((sum, { inFlight }) => sum + inFlight, 0),
      waiting: this.#waiting.size,
      breakers,
    };
  }

  close(): Promise<void> {
    return this.#directory.close();
  }

  async #send(
    request: InstanceRequest & Required<Pick<InstanceRequest, 'isRepeatable'>>,
    deadlineMs: number,
    route: { instance?: SubgraphInstance },
  ): Promise<SubgraphAnswer> {
    this.#budget.recordCall();
    let failure: SubgraphCallError | undefined;
    for (let resends = 0; ;) {
      const instance =
        route.instance?.isAvailable === true ? route.instance : chooseInstance(this.#directory.instances);
      if (instance === undefined) {
        if (await this.#waitForInstance(deadlineMs)) continue;
        throw failure ?? new SubgraphCallError('connection', 'the subgraph is down', { progress: 'unsent' });
      }
      try {
        route.instance = instance;
        return await instance.call(request, Math.ceil(deadlineMs - performance.now()));
      } catch (error) {
        if (!(error instanceof SubgraphCallError) || !(error.reason === 'frozen' || isConnectionFailure(error)))
          throw error;
        this.#directory.refresh();
        delete route.instance;
        if (error.progress !== 'unsent') {
          if (error.progress === 'answering' || resends === maxResends || !request.isRepeatable()) throw error;
          // Without another instance nothing is repeated, so nothing is taken from the budget.
          if (!this.#hasHope(deadlineMs) || !this.#budget.spend()) throw error;
          resends += 1;
          this.#options.metrics?.resends.inc({ subgraph: this.name });
        }
        failure = error;
      }
    }
  }

  /** True when an instance is available, or may be soon. */
  #hasHope(deadlineMs: number): boolean {
    const nowMs = performance.now();
    return this.#directory.instances.some(
      ({ isAvailable, waitUntilMs }) => isAvailable || Math.min(waitUntilMs, deadlineMs) > nowMs,
    );
  }

  /**
   * Waits until an instance is available.
   *
   * @returns false when none is expected before the deadline, or when too many calls wait
   */
  async #waitForInstance(deadlineMs: number): Promise<boolean> {
    const { maxWaiting = 1_000 } = this.#options;
    const lastMs = Math.max(...this.#directory.instances.map(({ waitUntilMs }) => waitUntilMs));
    const waitMs = Math.min(lastMs, deadlineMs) - performance.now();
    if (waitMs <= 0 || this.#waiting.size >= maxWaiting) return false;
    return new Promise((resolve) => {
      const finish = (isAwake: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve(isAwake);
      };
      const wake = (): void => finish(true);
      const timer = setTimeout(() => finish(false), waitMs);
      this.#waiting.add(wake);
    });
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  #followBreaker({ instance, state, reason }: BreakerChange): void {
    const { logger, metrics } = this.#options;
    metrics?.breakerChanges.inc({ subgraph: this.name, state });
    const fields = { subgraph: this.name, instance, reason, breaker: state };
    if (state === 'open') logger?.warn(fields, `${this.name} gets no calls for now`);
    else logger?.info(fields, `the breaker of ${this.name} is ${state}`);
    // The calls that wait find an instance, or learn that none will be back soon.
    this.#wake();
  }
}
