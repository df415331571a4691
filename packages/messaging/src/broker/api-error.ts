interface ApiError {
  readonly err_code?: unknown;
  readonly description?: unknown;
}

/** JetStream's own numbers: stream not found, consumer not found. */
const notFound = new Set([10014, 10059]);

function apiError(error: unknown): ApiError | undefined {
  return (error as { api_error?: ApiError } | null)?.api_error;
}

/** Whether JetStream answered that the stream or the consumer does not exist. */
export function isNotFound(error: unknown): boolean {
  const code = apiError(error)?.err_code;
  return typeof code === 'number' && notFound.has(code);
}

/** Whether nobody took a message or a call: there is no stream for the subject, or JetStream is not up yet. */
export function isUnanswered(error: unknown): boolean {
  // A stream that is full answers with the same code, and an error of its own.
  return (error as { code?: unknown } | null)?.code === '503' && apiError(error) === undefined;
}

/** What went wrong, in words: the client's own errors often say a number only. */
export function describeBrokerError(error: unknown): string {
  const description = apiError(error)?.description;
  if (typeof description === 'string') return description;
  if (isUnanswered(error)) return 'no stream takes the subject, or JetStream is not up';
  if (!(error instanceof Error)) return String(error);
  // A host with several addresses fails with an error for each, and none of its own to read.
  return error.message || String((error as { code?: unknown }).code ?? error.name);
}
