import type { z } from 'zod';

/** One thing that is wrong with an input, in the form of the contract's `InputIssue`. */
export interface InputIssue {
  /** Where, from the input's root: `items.0.quantity`; empty for the input as a whole. */
  readonly path: string;
  readonly message: string;
}

/** All issues of a zod error, in their order. */
export function issuesFrom(error: z.ZodError): InputIssue[] {
  return error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }));
}
