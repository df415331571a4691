/** JetStream's own numbers for what went wrong. */
const notFound = new Set([10014, 10059]);

/** Whether JetStream answered that the stream or the consumer does not exist. */
export function isNotFound(error: unknown): boolean {
  const code = (error as { api_error?: { err_code?: unknown } } | null)?.api_error?.err_code;
  return typeof code === 'number' && notFound.has(code);
}

/** Whether nobody took a message or a call: there is no stream for the subject, or JetStream is not up yet. */
export function isUnanswered(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === '503';
}
