/** Limits of a download. */
export interface DownloadLimits {
  /** Until the answer's head has come: a machine without internet goes on after so many milliseconds. */
  readonly connectTimeoutMs: number;
  /** The longest silence within the body, in milliseconds. */
  readonly stallTimeoutMs: number;
  readonly maxBytes: number;
}

/**
 * Fetches a file into memory.
 *
 * @throws Error whose message is fit for a line on the terminal: no connection, an HTTP status, silence, cut off, too big.
 */
export async function download(url: string, limits: DownloadLimits): Promise<Buffer> {
  const abort = new AbortController();
  const giveUp = (why: string, afterMs: number) => setTimeout(() => abort.abort(new Error(why)), afterMs);
  let timer = giveUp(`no answer within ${limits.connectTimeoutMs / 1000} s`, limits.connectTimeoutMs);
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (!response.ok || response.body === null) throw new Error(`HTTP status ${response.status}`);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body) {
      clearTimeout(timer);
      timer = giveUp(`silent for ${limits.stallTimeoutMs / 1000} s`, limits.stallTimeoutMs);
      size += chunk.length;
      if (size > limits.maxBytes) throw new Error(`more than ${limits.maxBytes} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    throw new Error(explain(error));
  } finally {
    clearTimeout(timer);
    abort.abort(); // what is left of the body is not wanted
  }
}

/** `fetch` hides the reason in `cause`, and that of several addresses in `cause.errors`. */
function explain(error: unknown): string {
  const { message, cause } = error as Error & { cause?: Error & { code?: string; errors?: Error[] } };
  if (message === 'terminated') return 'the connection was cut off';
  return cause?.errors?.[0]?.message ?? (cause?.message || cause?.code || message);
}
