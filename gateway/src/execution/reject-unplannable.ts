import { createCodedError } from '@shop/graphql';
import type { ExecutionStage } from './execution-stages.ts';

/** The planner has limits of its own, and reports them in errors without a code. */
const plannerLimit = /^Number of non-local selections exceeds limit|^Exceeded maximum recursive selections/;

/** Reports an operation that the planner refuses as a mistake of the client, not as an unexpected error. */
export const rejectUnplannable: ExecutionStage = (request, next) =>
  next(request).catch((error: unknown) => {
    if (!(error instanceof Error) || !plannerLimit.test(error.message)) throw error;
    throw createCodedError('SELECTION_LIMIT_EXCEEDED', { setsStatus: true });
  });
