// @ts-check
// Adds a test's last HTTP requests to the test's failure. A bare `Expected: 200, Received: 401` does not say which operation failed,
// and under which request id the logs have it.

const SHOWN_REQUESTS = 5;
const SHOWN_CHARACTERS = 2_000;

/** Records the requests that a test sends with `fetch`. */
export class RequestRecorder {
  /** @type {{ description: string, result: string }[]} The last requests of the current test. */
  #requests = [];

  /**
   * @param {typeof globalThis.fetch} fetch
   * @returns {typeof globalThis.fetch} one that is recorded
   */
  wrap(fetch) {
    return (input, init) => this.#send(fetch, input, init);
  }

  /** @param {{ name: string, error?: unknown }} event an event of jest-circus */
  handleTestEvent({ name, error }) {
    if (name === 'test_start') this.#requests = [];
    if (name === 'test_fn_failure' || name === 'hook_failure') this.#describeRequests(error);
  }

  /**
   * @param {typeof globalThis.fetch} fetch
   * @param {Parameters<typeof globalThis.fetch>[0]} input
   * @param {Parameters<typeof globalThis.fetch>[1]} init
   */
  async #send(fetch, input, init) {
    const url = input instanceof Request ? input.url : String(input);
    const request = {
      description: `${init?.method ?? 'GET'} ${url}${describeBody(init?.body)}`,
      result: 'no answer yet',
    };
    // Requests for a database of the shared PostgreSQL are no part of the test.
    const isShown = !url.startsWith(process.env['SHOP_TEST_SERVERS'] ?? '-');
    if (isShown) this.#requests = [...this.#requests, request].slice(-SHOWN_REQUESTS);
    try {
      const answer = await fetch(input, init);
      request.result = `${answer.status}, request id ${answer.headers.get('x-request-id') ?? 'unknown'}`;
      return answer;
    } catch (error) {
      request.result = `no answer, ${String(error)}`;
      throw error;
    }
  }

  /** @param {unknown} error */
  #describeRequests(error) {
    if (this.#requests.length === 0 || typeof error !== 'object' || error === null || !('stack' in error)) return;
    const requests = this.#requests.map(({ description, result }) =>
      `${result}: ${description}`.slice(0, SHOWN_CHARACTERS),
    );
    const lines = String(error.stack).split('\n');
    // Jest takes the lines before the frames as the message.
    const firstFrame = lines.findLastIndex((line) => !/^\s+at /.test(line)) + 1;
    const added = ['', 'The last HTTP requests of this test:', ...requests, ''];
    error.stack = [...lines.slice(0, firstFrame), ...added, ...lines.slice(firstFrame)].join('\n');
    this.#requests = [];
  }
}

/** @param {unknown} body */
function describeBody(body) {
  if (typeof body !== 'string') return '';
  try {
    const { query, variables } = JSON.parse(body);
    return typeof query === 'string' ? `\n${query}\n${JSON.stringify(variables ?? {})}` : `\n${body}`;
  } catch {
    return `\n${body}`;
  }
}
