import { fork } from 'node:child_process';
import { once } from 'node:events';

/** What the clients are to do. */
export interface LoadOrder {
  readonly origin: string;
  /** Of the customers, of whom each client is one. */
  readonly accessTokens: readonly string[];
  /** Ordered in turn, one unit at a time. */
  readonly productIds: readonly string[];
  /** Each places an order as soon as its last one is answered. */
  readonly clients: number;
  readonly milliseconds: number;
  /** Begins the idempotency key of each order; none was used before. */
  readonly keyPrefix: string;
}

export type LoadResult = Placed | { readonly error: string };

export interface Placed {
  readonly placed: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Until the last answer. */
  readonly milliseconds: number;
  /** Milliseconds that placing an order took. */
  readonly p50: number;
  readonly p99: number;
}

/** The clients, in a process of their own. */
export interface Load {
  readonly pid: number;
  /** @throws Error when an order was not placed */
  run(order: LoadOrder): Promise<Placed>;
  stop(): Promise<void>;
}

export function startLoad(): Load {
  const child = fork('dist/bench-load.js');
  const exited = once(child, 'exit');
  return {
    pid: child.pid ?? -1,
    async run(order) {
      child.send(order);
      const [result] = (await Promise.race([
        once(child, 'message'),
        exited.then(() => [{ error: 'The load generator has died.' }]),
      ])) as [LoadResult];
      if ('error' in result) throw new Error(result.error);
      return result;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
