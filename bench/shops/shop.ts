import type { CpuTimes } from '../orders/cpu-times.ts';
import type { LoadReport } from './load.ts';
import type { Step } from './sequence.ts';

/** The kinds of work that are measured. Each has a table. */
export const rowNames = ['list', 'product', 'order'] as const;
export type RowName = (typeof rowNames)[number];

/** One way to do the work of a row in one shop: a line of its table. */
export interface Line {
  readonly row: RowName;
  readonly label: string;
  readonly origin: string;
  /** The calls of one piece of work. */
  readonly steps: readonly Step[];
  /** Values for placeholders of the steps. Each piece of work takes the next one of each list. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** Headers of each client. Default: none. */
  headersOfClients?(): Promise<Readonly<Record<string, string>>[]>;
  /** CPU time of all processes that do the work. */
  readCpu(): Promise<CpuTimes>;
  /** Waits for the work that a shop does after its last answer. Returns what it changes about the measured figures. */
  finish?(report: LoadReport, keyPrefix: string): Promise<Partial<LoadReport>>;
}

/** A running shop with its products. */
export interface Shop {
  readonly lines: readonly Line[];
  stop(): Promise<void>;
}

/** Numbers of products and customers that each shop gets. */
export interface Contents {
  readonly products: number;
  /** Customers who order: one for each client. */
  readonly customers: number;
}

/**
 * The positions where the lists begin. Clients ask for another one each time: the gateway joins equal requests that run at the same time,
 * even without its cache.
 */
export const listStarts = (products: number): number[] =>
  Array.from({ length: Math.min(100, Math.floor(products / 20) - 1) }, (_, page) => 20 * (page + 1));

export const password = 'correct horse battery staple';
export const emailOf = (customer: number): string => `customer-${customer}@example.com`;
