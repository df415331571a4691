import { createCodedError } from '@shop/graphql';
import type { ExecutionStage } from './execution-stages.ts';

/** The planner has limits of its own, and reports them in errors without a code. */
const plannerLimit = /^Number of non-local selections exceeds limit|^Exceeded maximum recursive selections/;

/** The planner finds no way to a field of a mutation. In queries it silently leaves the field out, which the engine notices. */
const noWay = /^Was not able to plan .* starting from a single subgraph/s;

/** Reports an operation that the planner refuses as a mistake of the client, not as an unexpected error. */
export const rejectUnplannable: ExecutionStage = (request, next) =>
  next(request).catch((error: unknown) => {
    if (!(error instanceof Error)) throw error;
    if (plannerLimit.test(error.message)) throw createCodedError('SELECTION_LIMIT_EXCEEDED', { setsStatus: true });
    if (noWay.test(error.message)) throw createCodedError('FIELD_UNRESOLVABLE', { setsStatus: true });
    throw error;
  });
