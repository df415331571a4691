import { ErrorCode } from 'nats';

interface ApiError {
  readonly err_code?: unknown;
  readonly description?: unknown;
}

/** JetStream's error codes for a stream and for a consumer that does not exist. */
const notFound = new Set([10014, 10059]);

function readApiError(error: unknown): ApiError | undefined {
  return (error as { api_error?: ApiError } | null)?.api_error;
}

/** Returns whether JetStream answered that the stream or the consumer does not exist. */
export function isNotFound(error: unknown): boolean {
  const code = readApiError(error)?.err_code;
  return typeof code === 'number' && notFound.has(code);
}

/** JetStream's error codes for more replicas than the cluster has servers with room, and for replicas without a cluster. */
const tooFewServers = new Set([10005, 10074]);

/** Returns whether JetStream has too few servers for the replicas of a stream. */
export function isTooFewServers(error: unknown): boolean {
  const code = readApiError(error)?.err_code;
  return typeof code === 'number' && tooFewServers.has(code);
}

/** Returns whether nobody answered: there is no stream for the subject, or JetStream is not up yet. */
export function isUnanswered(error: unknown): boolean {
  // A full stream answers with the same code, but adds an error of JetStream.
  return (error as { code?: unknown } | null)?.code === '503' && readApiError(error) === undefined;
}

/** JetStream's error code while its cluster has no leader. */
const withoutLeader = 10008;

/** Returns whether the server could do nothing: it did not answer, or has lost its cluster. */
export function isUnserved(error: unknown): boolean {
  const answer = readApiError(error);
  return answer === undefined || answer.err_code === withoutLeader;
}

/** Returns whether the server does not allow this user to publish to the subject. */
export function isForbidden(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === ErrorCode.PermissionsViolation;
}

/** Returns a readable description. The client's own errors often have only a number. */
export function describeBrokerError(error: unknown): string {
  const description = readApiError(error)?.description;
  if (typeof description === 'string') return description;
  if (isUnanswered(error)) return 'no stream stores the subject, or JetStream is not up';
  if (!(error instanceof Error)) return String(error);
  // An error for a host with several addresses has one inner error for each, and no message itself.
  return error.message || String((error as { code?: unknown }).code ?? error.name);
}
