import type { Readiness } from '@shop/process';
import { Pool, type Dispatcher } from 'undici';
import { AnswerReader, type SubgraphAnswer } from './answer-reader.ts';

/**
 * A subgraph's report about itself. `away` names dependencies that it can work without for now, such as the broker, and
 * `behind` names work that is overdue, such as pending orders.
 */
export interface SubgraphState {
  readonly status: 'up' | 'down';
  readonly away?: readonly string[];
  readonly behind?: readonly string[];
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
}

/** A pool of connections to one subgraph. Each call is limited in time and size. */
export class SubgraphClient {
  readonly name: string;
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
      connect: { timeout: options.timeoutMs },
      // The timer of each call replaces these.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** @throws SubgraphCallError */
  postGraphQL(body: string, headers: Record<string, string>): Promise<SubgraphAnswer> {
    return this.#call({ path: `${this.#basePath}/graphql`, method: 'POST', headers, body }, this.#timeoutMs);
  }

  /** Asks the subgraph whether it is ready. Never rejects: a late answer counts as down. */
  async readState(timeoutMs: number): Promise<SubgraphState> {
    try {
      const { status, text } = await this.#call({ path: `${this.#basePath}/health/ready`, method: 'GET' }, timeoutMs);
      if (status !== 200) return { status: 'down' };
      const { checks = {}, behind = [] } = JSON.parse(text) as Partial<Readiness>;
      const away = Object.keys(checks).filter((name) => checks[name]?.status !== 'up');
      return { status: 'up', ...(away.length > 0 && { away }), ...(behind.length > 0 && { behind }) };
    } catch {
      return { status: 'down' };
    }
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  #call(request: Dispatcher.DispatchOptions, timeoutMs: number): Promise<SubgraphAnswer> {
    const reader = new AnswerReader({ timeoutMs, maxBytes: this.#maxAnswerBytes });
    this.#pool.dispatch(request, reader);
    return reader.answer;
  }
}
