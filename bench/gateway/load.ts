import type { Pin } from './cores.ts';
import { startHelper, type HelperProcess } from './helper-process.ts';

/** The work of the load generator. */
export interface LoadOrder {
  readonly url: string;
  /** The body of a request with the placeholder in the place of its token. */
  readonly body: string;
  readonly connections: number;
  /** The number of the first request's token; the next one has the next number. */
  readonly firstNumber: number;
  /** The requests to send; without it, as many as the time allows. */
  readonly requests?: number;
  readonly milliseconds?: number;
}

export interface LoadReport {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** The text of the first answer. */
  readonly firstAnswer: string;
}

/** The load generator. It fails at the first answer that has errors. */
export const startLoad = (pin: Pin): HelperProcess<LoadOrder, LoadReport> =>
  startHelper('dist/bench-gateway-load.js', pin);
