import { GraphqlError, HttpError, NetworkError } from '../errors.ts';

const transientStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Whether the same request may succeed later, and the answer had no data to lose. */
export function isTransient(error: unknown): boolean {
  if (error instanceof HttpError) return transientStatuses.has(error.status);
  return error instanceof NetworkError || (error instanceof GraphqlError && isUnavailable(error));
}

function isUnavailable({ status, data, errors }: GraphqlError): boolean {
  if (transientStatuses.has(status)) return true;
  // A caller gets partial data at once: a retry would only delay it.
  return !hasData(data) && errors.some(({ code }) => code === 'SERVICE_UNAVAILABLE');
}

function hasData(data: unknown): boolean {
  return typeof data === 'object' && data !== null && Object.values(data).some((value) => value !== null);
}
