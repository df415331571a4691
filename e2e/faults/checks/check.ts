import type { Journal } from '../load/journal.ts';
import type { Traffic } from '../load/client.ts';
import type { Databases } from './databases.ts';

/** What the checks have to go by: what clients were told, and what the databases say. */
export interface Evidence {
  readonly databases: Databases;
  readonly journal: Journal;
  readonly traffic: Traffic;
  readonly scarce: string;
  readonly units: number;
}

/** Finds what is wrong; a sentence each, none when all is well. */
export type Check = (evidence: Evidence) => Promise<string[]>;

const SHOWN = 3;

/** One sentence for many things of a kind, with the first of them. */
export function tell(count: number, what: string, examples: readonly unknown[]): string[] {
  if (count === 0) return [];
  const shown = examples
    .slice(0, SHOWN)
    .map((example) => (typeof example === 'string' ? example : JSON.stringify(example)));
  return [`${count} ${what}: ${shown.join('; ')}${count > SHOWN ? '; …' : ''}`];
}

/** A query whose every row is something wrong. */
export function noRows(database: 'user' | 'product' | 'order', what: string, query: string): Check {
  return async ({ databases }) => {
    const rows = await databases.query<object>(database, query);
    return tell(rows.length, what, rows);
  };
}
