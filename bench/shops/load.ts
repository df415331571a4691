import { startHelper, type HelperProcess } from '../gateway/helper-process.ts';
import type { Step } from './sequence.ts';

/** The work of the clients. */
export interface LoadOrder {
  readonly origin: string;
  readonly steps: readonly Step[];
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** Headers of the clients in turn. */
  readonly headers: readonly Readonly<Record<string, string>>[];
  /** The number of clients. Each starts its next piece of work as soon as the previous one is done. */
  readonly clients: number;
  readonly milliseconds: number;
  /** The beginning of the value of `<<key>>`, which differs for each piece of work. No earlier run has used it. */
  readonly keyPrefix: string;
}

export interface LoadReport {
  /** Pieces of work, and the calls that they took. */
  readonly done: number;
  readonly calls: number;
  /** When the first call was sent, in milliseconds since the epoch, and the time until the last answer. */
  readonly startedAt: number;
  readonly milliseconds: number;
  /** Milliseconds of one piece of work. */
  readonly p50: number;
  readonly p99: number;
}

/** The clients, in their own process. They fail at the first answer that is not good. */
export const startLoad = (): HelperProcess<LoadOrder, LoadReport> => startHelper('dist/bench-shops-load.js', []);
