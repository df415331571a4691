import http from 'node:http';

export interface Endpoint {
  readonly url: string;
  readonly accessToken?: string | undefined;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  /** Durations of the requests in milliseconds, ascending. */
  readonly latencies: readonly number[];
}

/** Kept connections to one server, and the number of requests that run at once. */
export class HttpLoad {
  readonly #agent: http.Agent;
  readonly #connections: number;

  constructor(connections: number) {
    this.#connections = connections;
    this.#agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Sends the bodies in turn, repeatedly, for the given time. @throws Error at the first answer that has errors */
  async run(endpoint: Endpoint, bodies: readonly string[], milliseconds: number): Promise<LoadResult> {
    const latencies: number[] = [];
    const started = performance.now();
    const end = started + milliseconds;
    let next = 0;
    const worker = async (): Promise<void> => {
      while (performance.now() < end) {
        const body = bodies[next++ % bodies.length] ?? '';
        const sent = performance.now();
        await this.post(endpoint, body);
        latencies.push(performance.now() - sent);
      }
    };
    await Promise.all(Array.from({ length: this.#connections }, worker));
    const seconds = (performance.now() - started) / 1_000;
    return { requestsPerSecond: latencies.length / seconds, latencies: latencies.sort((a, b) => a - b) };
  }

  post({ url, accessToken, headers: more = {} }: Endpoint, body: string): Promise<string> {
    const headers = {
      ...more,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
    };
    return new Promise((resolve, reject) => {
      const request = http.request(url, { method: 'POST', agent: this.#agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          if (response.statusCode === 200 && !text.includes('"errors":[')) resolve(text);
          else reject(new Error(`${response.statusCode}: ${text.slice(0, 1_000)}\nfor ${body}`));
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
