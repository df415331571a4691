/** Limits of a download. */
export interface DownloadLimits {
  /** Milliseconds until the head of the answer: a machine without internet tries the next source after this time. */
  readonly connectTimeoutMs: number;
  /** The longest silence within the body, in milliseconds. */
  readonly stallTimeoutMs: number;
  readonly maxBytes: number;
}

/**
 * Fetches a file into memory.
 *
 * @throws Error with a message for one line on the terminal: no connection, an HTTP status, a timeout, a cut connection, too big.
 */
export async function download(url: string, limits: DownloadLimits): Promise<Buffer> {
  const abort = new AbortController();
  const abortAfter = (afterMs: number, reason: string) => setTimeout(() => abort.abort(new Error(reason)), afterMs);
  let timer = abortAfter(limits.connectTimeoutMs, `no answer within ${limits.connectTimeoutMs / 1000} s`);
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (!response.ok || response.body === null) throw new Error(`HTTP status ${response.status}`);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body) {
      clearTimeout(timer);
      timer = abortAfter(limits.stallTimeoutMs, `silent for ${limits.stallTimeoutMs / 1000} s`);
      size += chunk.length;
      if (size > limits.maxBytes) throw new Error(`more than ${limits.maxBytes} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    throw new Error(explain(error));
  } finally {
    clearTimeout(timer);
    abort.abort(); // the rest of the body is not needed
  }
}

/** `fetch` puts the reason into `cause`, or into `cause.errors` when it tried several addresses. */
function explain(error: unknown): string {
  const { message, cause } = error as Error & { cause?: Error & { code?: string; errors?: Error[] } };
  if (message === 'terminated') return 'the connection was cut off';
  return cause?.errors?.[0]?.message ?? (cause?.message || cause?.code || message);
}
