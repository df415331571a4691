import type { ServiceName } from '@shop/contracts';
import type { Journal } from '../load/journal.ts';
import type { Traffic } from '../load/client.ts';
import type { Readers } from '../load/readers.ts';
import type { Databases } from './databases.ts';

/** The mails that arrived in the mailbox of a system. */
export interface Mails {
  /** How often each Message-ID has arrived so far. */
  count(): Promise<ReadonlyMap<string, number>>;
  /** Stops looking for new mails. */
  stop(): Promise<void>;
}

/** The input of the checks: the answers that clients got, and the contents of the databases. */
export interface Evidence {
  readonly databases: Databases;
  readonly journal: Journal;
  readonly traffic: Traffic;
  readonly scarce: string;
  readonly units: number;
  /** The mails that arrived. Without them, only the rows of messages are checked. */
  readonly mails?: Mails;
  /** The clients that read products. Without them, no reads are checked. */
  readonly readers?: Pick<Readers, 'reads' | 'missed'>;
}

/** Finds problems. Returns one sentence for each, or none. */
export type Check = (evidence: Evidence) => Promise<string[]>;

const SHOWN = 3;

/** One sentence for many problems of a kind, with the first of them. */
export function tell(count: number, what: string, examples: readonly unknown[]): string[] {
  if (count === 0) return [];
  const shown = examples
    .slice(0, SHOWN)
    .map((example) => (typeof example === 'string' ? example : JSON.stringify(example)));
  return [`${count} ${what}: ${shown.join('; ')}${count > SHOWN ? '; …' : ''}`];
}

/** A query whose every row is a problem. */
export function noRows(database: ServiceName, what: string, query: string): Check {
  return async ({ databases }) => {
    const rows = await databases.query<object>(database, query);
    return tell(rows.length, what, rows);
  };
}
