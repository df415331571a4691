import { GraphqlError, HttpError, NetworkError } from '../errors.ts';

const statuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * Whether an error says that something is unavailable, perhaps for a moment. Partial data counts as an answer, unless the caller
 * wants whole data.
 */
export function mayPass(error: unknown, wantsWholeData: boolean): boolean {
  if (error instanceof HttpError) return statuses.has(error.status);
  return error instanceof NetworkError || (error instanceof GraphqlError && isUnavailable(error, wantsWholeData));
}

function isUnavailable({ status, data, errors }: GraphqlError, wantsWholeData: boolean): boolean {
  if (statuses.has(status)) return true;
  return (wantsWholeData || !hasAnything(data)) && errors.some(({ code }) => code === 'SERVICE_UNAVAILABLE');
}

function hasAnything(data: unknown): boolean {
  return typeof data === 'object' && data !== null && Object.values(data).some((value) => value !== null);
}
