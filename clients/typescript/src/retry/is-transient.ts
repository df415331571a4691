import { GraphqlError, HttpError, NetworkError } from '../errors.ts';

const transientStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * True when the same request may succeed later and the answer had no usable data. Partial data is unusable for a caller
 * that needs all data.
 */
export function isTransient(error: unknown, wantsWholeData: boolean): boolean {
  if (error instanceof HttpError) return transientStatuses.has(error.status);
  return error instanceof NetworkError || (error instanceof GraphqlError && isUnavailable(error, wantsWholeData));
}

function isUnavailable({ status, data, errors }: GraphqlError, wantsWholeData: boolean): boolean {
  if (transientStatuses.has(status)) return true;
  // A caller that can use partial data gets it at once: a retry would only delay it.
  const hasUse = !wantsWholeData && hasData(data);
  return !hasUse && errors.some(({ code }) => code === 'SERVICE_UNAVAILABLE');
}

function hasData(data: unknown): boolean {
  return typeof data === 'object' && data !== null && Object.values(data).some((value) => value !== null);
}
