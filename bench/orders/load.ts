import { fork } from 'node:child_process';
import { once } from 'node:events';

/** The work of the clients. */
export interface LoadOrder {
  readonly origin: string;
  /** Access tokens of the customers. Each client acts as one of them. */
  readonly accessTokens: readonly string[];
  /** The products to order in turn, one unit at a time. */
  readonly productIds: readonly string[];
  /** The number of clients. Each places its next order as soon as the previous one is answered. */
  readonly clients: number;
  readonly milliseconds: number;
  /** Prefix of each order's idempotency key. No earlier run has used it. */
  readonly keyPrefix: string;
}

export type LoadResult = Placed | { readonly error: string };

export interface Placed {
  readonly placed: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** The time of the last answer. */
  readonly milliseconds: number;
  /** Milliseconds that each placeOrder took. */
  readonly p50: number;
  readonly p99: number;
}

/** The clients, in their own process. */
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
