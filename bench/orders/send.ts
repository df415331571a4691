import type { Dispatcher, Pool } from 'undici';

/** Sends a request. It is cheaper than `pool.request`, which creates a stream for each answer. */
export function send(
  pool: Pool,
  request: Pick<Dispatcher.DispatchOptions, 'path' | 'method' | 'headers' | 'body'>,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    let [status, text] = [0, ''];
    pool.dispatch(request, {
      onRequestStart: () => undefined,
      onResponseStart: (_controller, code) => {
        status = code;
      },
      onResponseData: (_controller, chunk) => {
        text += chunk.toString('latin1');
      },
      onResponseEnd: () => resolve({ status, text }),
      onResponseError: (_controller, error) => reject(error),
    });
  });
}
