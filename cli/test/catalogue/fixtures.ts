import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Terminal } from '../../src/catalogue/terminal/terminal.ts';

export interface Asked {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly authorization: string | undefined;
}

/** What is answered: a body with status 200, or a bare status. */
export type Answer = object | number;

export interface Endpoint {
  readonly url: string;
  readonly asked: Asked[];
  /** Most requests that were open at once. */
  mostAtOnce(): number;
  close(): Promise<void>;
}

/** An HTTP server that answers as a GraphQL API may, failures included, which the running system cannot be made to do at will. */
export async function endpoint(answer: (asked: Asked) => Answer): Promise<Endpoint> {
  const asked: Asked[] = [];
  let [open, most] = [0, 0];
  const server = createServer((request, response) => {
    most = Math.max(most, (open += 1));
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      const { query, variables } = JSON.parse(body) as Asked;
      const one = { query, variables, authorization: request.headers.authorization };
      asked.push(one);
      const given = answer(one);
      open -= 1;
      response.writeHead(typeof given === 'number' ? given : 200, { 'content-type': 'application/json' });
      response.end(typeof given === 'number' ? 'down' : JSON.stringify(given));
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

/** Keeps what the person would see. */
export function recordingTerminal(): Terminal & { readonly said: string[]; readonly lines: string[] } {
  const [said, lines]: [string[], string[]] = [[], []];
  return {
    said,
    lines,
    say: (line) => void said.push(line),
    line: (line) => void lines.push(line),
    progress: () => {},
    finish: () => {},
  };
}
