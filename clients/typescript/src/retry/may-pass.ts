import { GraphqlError, HttpError, NetworkError } from '../errors.ts';

const statuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Whether an error says that something is away, perhaps for a moment, and has nothing else to give. */
export function mayPass(error: unknown): boolean {
  if (error instanceof HttpError) return statuses.has(error.status);
  return error instanceof NetworkError || (error instanceof GraphqlError && isUnavailable(error));
}

function isUnavailable({ status, data, errors }: GraphqlError): boolean {
  if (statuses.has(status)) return true;
  // Of a partial answer the caller gets what there is, at once.
  return !hasAnything(data) && errors.some(({ code }) => code === 'SERVICE_UNAVAILABLE');
}

function hasAnything(data: unknown): boolean {
  return typeof data === 'object' && data !== null && Object.values(data).some((value) => value !== null);
}
