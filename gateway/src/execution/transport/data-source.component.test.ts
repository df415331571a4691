import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anonymous, createInternalTokenSigner, createLogger } from '@shop/process';
import { createSigningKey } from '../../../test/keys.ts';
import { readSupergraph } from '../../supergraph/index.ts';
import { SubgraphDataSource } from './data-source.ts';
import { SubgraphCaller } from './subgraph-caller.ts';
import { SubgraphClient } from './subgraph-client.ts';

let server: Server | undefined;
let client: SubgraphClient | undefined;
const lines: Record<string, unknown>[] = [];
const logger = createLogger({
  service: 'gateway',
  destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
});

afterEach(async () => {
  await client?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server = undefined;
  lines.length = 0;
});

/** Calls a subgraph that answers with `listener`, or a stopped one if it is null. */
async function call(
  listener: RequestListener | null,
  options: { timeoutMs?: number; query?: string; times?: number } = {},
) {
  server = createServer(listener ?? undefined);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  if (listener === null) await new Promise((resolve) => server?.close(resolve));
  client = new SubgraphClient({
    name: 'product',
    urls: [`http://127.0.0.1:${port}/`],
    timeoutMs: options.timeoutMs ?? 2_000,
    maxAnswerBytes: 10_000,
  });
  const signer = createInternalTokenSigner({ privateJwk: (await createSigningKey('k1')).privateJwk });
  const supergraph = readSupergraph('type Product { name: String! }');
  const source = new SubgraphDataSource({
    caller: new SubgraphCaller({ client, signer, supergraph, logger }),
    supergraph,
  });
  const context = {
    viewer: anonymous,
    requestId: 'request-0001',
    ip: null,
    userAgent: null,
    record: { codes: [], calls: 0, startedAt: 0, isReported: false },
  };
  const request = { query: options.query ?? '{ a: product { name } }', variables: {} };
  const process = () =>
    source.process({ kind: 'incoming operation', request, context } as unknown as Parameters<typeof source.process>[0]);
  let last = await process();
  for (let time = 1; time < (options.times ?? 1); time += 1) last = await process();
  return JSON.parse(JSON.stringify(last)) as unknown;
}

const json =
  (body: unknown, status = 200): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

const unavailable = {
  data: { a: null },
  errors: [
    {
      message: 'The product service is unavailable.',
      path: ['a'],
      extensions: { code: 'SERVICE_UNAVAILABLE', service: 'product' },
    },
  ],
};

test('an answer is passed on', async () => {
  expect(await call(json({ data: { a: { name: 'x' } } }))).toEqual({ data: { a: { name: 'x' } } });
});

test('connections are reused', async () => {
  const sockets = new Set<unknown>();
  const listener = json({ data: { a: null } });
  const answer = await call(
    (request, response) => {
      sockets.add(request.socket);
      listener(request, response);
    },
    { times: 20 },
  );
  expect(answer).toEqual({ data: { a: null } });
  // The pool may open a second connection before it notices that the first is free again.
  expect(sockets.size).toBeLessThanOrEqual(2);
});

const failures: [string, RequestListener | null, RegExp | string][] = [
  ['is silent', () => undefined, /^timeout: no answer within \d+ ms$/],
  [
    'sends its body too slowly',
    (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    },
    /^timeout: no answer within \d+ ms$/,
  ],
  [
    'is cut off in its answer',
    (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"data":', () => response.destroy());
    },
    'connection: ',
  ],
  ['hangs up', (request) => void request.socket.destroy(), 'connection: '],
  ['answers 500', json({ errors: [{ message: 'at 10.0.0.3' }] }, 500), 'answered with status 500'],
  ['answers 401', json({ errors: [] }, 401), 'refused the internal token'],
  [
    'answers HTML',
    (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    'answered status 200 with "text/html"',
  ],
  [
    'redirects',
    (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    'answered status 302 with ""',
  ],
  ['answers too much', json({ data: { a: 'x'.repeat(20_000) } }), 'too-large: '],
  ['is not there', null, 'connection: connect ECONNREFUSED'],
];

test.each(failures)('a subgraph that %s is unavailable', async (_name, listener, reason) => {
  const answer = await call(listener, { timeoutMs: 300 });
  expect(answer).toEqual(unavailable);
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'error',
      subgraph: 'product',
      requestId: 'request-0001',
      failure: (typeof reason === 'string'
        ? expect.stringContaining(reason)
        : expect.stringMatching(reason)) as unknown,
    }),
  ]);
  const { failure, msg } = lines[0] as { failure: string; msg: string };
  expect(msg).toBe(`a call to product failed: ${failure}`);
});

test('an error without path and data is reported at each root field', async () => {
  const answer = await call(
    json({ errors: [{ message: 'Cannot query field', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] }, 400),
    {
      query: '{ a: product { name } b: product { name } }',
    },
  );
  const error = { message: 'Cannot query field', extensions: { code: 'INTERNAL_SERVER_ERROR' } };
  expect(answer).toEqual({
    data: { a: null, b: null },
    errors: [
      { ...error, path: ['a'] },
      { ...error, path: ['b'] },
    ],
  });
});
