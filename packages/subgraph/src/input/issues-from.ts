import type { z } from 'zod';

/** One broken rule of an input, as the schema's `InputIssue`. */
export interface InputIssue {
  /** Path from the input's root: `items.0.quantity`. Empty for the input as a whole. */
  readonly path: string;
  readonly message: string;
}

/** Lists all issues of a zod error in their order. */
export function issuesFrom(error: z.ZodError): InputIssue[] {
  return error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }));
}
