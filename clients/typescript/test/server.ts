import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly operation: string;
  readonly variables: Record<string, unknown> & { readonly input?: Record<string, unknown> };
  readonly body: Record<string, unknown>;
  readonly token: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** The server's behaviour: it answers, lets the test answer, cuts the connection, or never answers. */
export type Reply =
  | {
      readonly status?: number;
      readonly headers?: Record<string, string>;
      readonly body?: unknown;
      readonly text?: string;
    }
  | ((response: ServerResponse) => void)
  | 'cut'
  | 'silence';

export interface TestServer {
  readonly url: string;
  readonly seen: Seen[];
  /** The received requests of one operation. */
  of(operation: string): Seen[];
  close(): Promise<void>;
}

/** A real HTTP server on a free port. The test decides its answers. */
export async function startServer(
  reply: (request: Seen, seen: readonly Seen[]) => Reply | Promise<Reply>,
): Promise<TestServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', async () => {
      const body = request.method === 'GET' ? readSearch(request.url) : (JSON.parse(text) as Record<string, unknown>);
      const one: Seen = {
        method: String(request.method),
        operation: String(body['operationName']),
        variables: (body['variables'] ?? {}) as Seen['variables'],
        body,
        token: request.headers.authorization?.replace(/^Bearer /, ''),
        headers: request.headers,
      };
      seen.push(one);
      const answer = await reply(one, seen);
      if (answer === 'silence') return;
      if (typeof answer === 'function') return answer(response);
      if (answer === 'cut') return void request.socket.destroy();
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
      response.end(answer.text ?? JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    seen,
    of: (operation) => seen.filter((one) => one.operation === operation),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function readSearch(url = ''): Record<string, unknown> {
  const { searchParams } = new URL(url, 'http://unused.invalid');
  const parse = (text: string): unknown => (text.startsWith('{') ? (JSON.parse(text) as unknown) : text);
  return Object.fromEntries([...searchParams].map(([name, text]) => [name, parse(text)]));
}

export const data = (value: unknown): Reply => ({ body: { data: value } });

export const failed = (code: string, status = 200, path?: string[]): Reply => ({
  status,
  body: {
    ...(path ? { data: { [String(path[0])]: null } } : {}),
    errors: [{ message: `It is ${code}.`, ...(path ? { path } : {}), extensions: { code } }],
  },
});
