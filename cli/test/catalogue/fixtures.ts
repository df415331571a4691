import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly operationName: string;
  readonly variables: Record<string, unknown>;
  readonly authorization: string | undefined;
}

/** An answer: a body with status 200, a bare status, or both. */
export type Answer = object | number | readonly [status: number, body: object];

export interface Endpoint {
  readonly url: string;
  readonly asked: Asked[];
  /** The most requests that were open at the same time. */
  mostAtOnce(): number;
  close(): Promise<void>;
}

/** An HTTP server that answers as a GraphQL API may, with failures that the running system cannot be made to have. */
export async function startEndpoint(answer: (asked: Asked) => Answer): Promise<Endpoint> {
  const asked: Asked[] = [];
  let [open, most] = [0, 0];
  const server = createServer((request, response) => {
    most = Math.max(most, (open += 1));
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      const { operationName, variables } = JSON.parse(body) as Asked;
      const one = { operationName, variables, authorization: request.headers.authorization };
      asked.push(one);
      const given = answer(one);
      open -= 1;
      const [status, content] = Array.isArray(given)
        ? given
        : typeof given === 'number'
          ? [given, 'down']
          : [200, given];
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof content === 'string' ? content : JSON.stringify(content));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    asked,
    mostAtOnce: () => most,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
