import type { GraphqlErrorEntry } from '../errors.ts';

/** An answer: data that may be partial, and a list of errors that may be empty. */
export interface Result<Data> {
  readonly data: Data | null;
  readonly errors: readonly GraphqlErrorEntry[];
}
