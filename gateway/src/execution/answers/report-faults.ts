import { createCodedError } from '@shop/graphql';
import { maskedCode } from '@shop/process';
import { GraphQLError } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import type { ExecutionResult, ExecutionStage } from '../execution-stages.ts';

/**
 * Reports what `@apollo/gateway` finds wrong in the answers of subgraphs. It puts that into `extensions.valueCompletion`, as if nothing
 * was wrong, or answers as if the client had made a mistake. Here each is an error of ours.
 *
 * A missing entity is no fault: the reference to it is null. It is one where the reference must not be null, so that more is lost.
 *
 * It must be the last stage before the gateway.
 */
export const reportFaults: ExecutionStage = async (request, next) => {
  const result = await next(request);
  const { valueCompletion, ...extensions } = (result.extensions ?? {}) as { valueCompletion?: readonly GraphQLError[] };
  if (valueCompletion !== undefined) {
    const { extensions: _extensions, ...rest } = result;
    const { hasMissingEntity } = request.context as GatewayContext;
    const faults = valueCompletion.filter(
      ({ path }) => hasMissingEntity !== true || !endsAtReference(result.data, path ?? []),
    );
    const errors = [...(result.errors ?? []), ...faults.map(({ path }) => createCodedError(maskedCode, { path }))];
    return {
      ...rest,
      ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
      ...(errors.length === 0 ? {} : { errors }),
    } as ExecutionResult;
  }
  if (result.data === undefined && result.errors?.some(isFault) === true) return { ...result, data: null };
  return result;
};

/** True when null at the path of a field went up to the object that has the field, and no further. */
function endsAtReference(data: unknown, path: readonly (string | number)[]): boolean {
  const places = path.slice(0, -1);
  let value = data;
  for (const place of places) {
    if (value === null || typeof value !== 'object') return false;
    value = (value as Record<string | number, unknown>)[place];
  }
  return places.length > 0 && value === null;
}

/** True for an exception, which the gateway wraps in an error of its own. Mistakes of the client are errors without such a cause. */
function isFault({ originalError }: GraphQLError): boolean {
  return originalError != null && !(originalError instanceof GraphQLError);
}
