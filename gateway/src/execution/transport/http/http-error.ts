/** A call cannot succeed, although its server can be reached: the request or the answer is malformed, or the pool is closed. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
}
