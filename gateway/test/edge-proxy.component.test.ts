import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  createServer,
  request as requestHttp,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
} from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { Agent, request, type RequestOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { gunzipSync } from 'node:zlib';
import { errorBody, serverLimits } from '@shop/process';
import { jest } from '@jest/globals';
import { eventually } from '@shop/testing';
import { parse } from 'yaml';
import { requestSize } from '../src/limits/index.ts';
import { maxRequestsPerSocket } from '../src/start-gateway.ts';
import { type Machine, nginxFolder, type RunningProxy, startMachine, startNginx } from './edge-proxy.ts';
import { findProgram } from './programs.ts';
import { testResolvers } from './resolvers.ts';
import { startSystem, type System } from './system.ts';

// A busy machine takes a minute to start two systems.
jest.setTimeout(300_000);

const site = readFileSync(`${nginxFolder}/templates/shop.conf.template`, 'utf8');
const seconds = (milliseconds: number) => `${milliseconds / 1_000}s`;
/** The values of a directive of nginx's configuration. */
const directive = (name: string) => [...site.matchAll(new RegExp(`^ *${name} (.*);$`, 'gm'))].map(([, value]) => value);

describe('the limits of the proxies', () => {
  test('nginx has those of the gateway', () => {
    expect(directive('client_max_body_size')).toEqual([`${requestSize.bodyLimit / 1024 ** 2}m`]);
    expect(directive('client_header_timeout')).toEqual([seconds(serverLimits.headersTimeout)]);
    expect(directive('client_body_timeout')).toEqual([seconds(serverLimits.requestTimeout)]);
    expect(directive('large_client_header_buffers')).toEqual([`4 ${serverLimits.maxHeaderSize / 1024}k`]);
    expect(directive('http2_max_concurrent_streams')).toEqual([String(serverLimits.maxConcurrentStreams)]);
    expect(directive('keepalive_requests')).toEqual([String(maxRequestsPerSocket)]);
    // To the gateway, and to clients.
    const [upstream = '', clients] = directive('keepalive_timeout');
    expect(Number.parseInt(upstream) * 1_000).toBeLessThan(serverLimits.keepAliveTimeout);
    expect(clients).toBe(seconds(serverLimits.keepAliveTimeout));
  });

  test('Traefik has those of the gateway, and each name that it uses exists', () => {
    const read = (file: string) => parse(readFileSync(`deploy/edge/traefik/${file}`, 'utf8')) as Tree;
    const [main, routes] = [read('traefik.yml'), read('shop.yml')];
    const { https } = main['entryPoints'] as Record<string, Tree>;
    expect(https).toMatchObject({
      forwardedHeaders: { insecure: false },
      http2: { maxConcurrentStreams: serverLimits.maxConcurrentStreams },
      http: { maxHeaderBytes: serverLimits.maxHeaderSize },
      transport: {
        keepAliveMaxRequests: maxRequestsPerSocket,
        respondingTimeouts: {
          readTimeout: seconds(serverLimits.requestTimeout),
          idleTimeout: seconds(serverLimits.keepAliveTimeout),
        },
      },
    });
    const { routers, services, middlewares, serversTransports } = routes['http'] as Record<
      string,
      Record<string, Tree>
    >;
    for (const router of Object.values(routers ?? {})) {
      expect(Object.keys(services ?? {})).toContain(router['service']);
      for (const name of router['middlewares'] as string[]) expect(Object.keys(middlewares ?? {})).toContain(name);
      for (const name of router['entryPoints'] as string[])
        expect(Object.keys(main['entryPoints'] as Tree)).toContain(name);
    }
    const balancer = services?.['gateways']?.['loadBalancer'] as Tree;
    const transport = serversTransports?.[String(balancer['serversTransport'])] as { forwardingTimeouts: Tree };
    expect(Number.parseInt(String(transport.forwardingTimeouts['idleConnTimeout'])) * 1_000).toBeLessThan(
      serverLimits.keepAliveTimeout,
    );
    expect(balancer['healthCheck']).toMatchObject({ path: '/health/ready' });
    // Either would hold back streams, and the gateway compresses and limits bodies.
    expect(Object.values(middlewares ?? {}).flatMap(Object.keys)).toEqual(['retry']);
  });

  test('neither leads to the port of the metrics', () => {
    for (const file of [
      'nginx/templates/shop.conf.template',
      'traefik/shop.yml',
      'traefik/traefik.yml',
      'compose.nginx.yml',
      'compose.traefik.yml',
    ])
      expect(readFileSync(`deploy/edge/${file}`, 'utf8')).not.toMatch(/946\d|metrics/i);
  });
});

type Tree = Record<string, unknown>;

const nginx = findProgram('nginx');
const withNginx = nginx === undefined ? test.skip : test;
const title = nginx === undefined ? 'nginx (skipped: nginx was not found)' : 'nginx';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function startProxy(ports: readonly number[]): Promise<RunningProxy> {
  const proxy = await startNginx(String(nginx), ports);
  stops.push(proxy.stop);
  return proxy;
}

/** Gateways that believe a proxy on loopback. */
let systems: readonly [System, System];
beforeAll(async () => {
  if (nginx === undefined) return;
  const config = { trustedProxies: '127.0.0.1', subgraphTimeoutMs: 60_000 };
  systems = [await startSystem(testResolvers, { config }), await startSystem(testResolvers, { config })];
});
afterAll(async () => {
  for (const system of systems ?? []) await system.close();
});

const portOf = ({ gateway }: System) => Number(new URL(gateway.url).port);

async function openMachine({ gateway }: System): Promise<Machine> {
  const machine = await startMachine(gateway.url);
  stops.push(() => machine.kill().catch(() => undefined));
  return machine;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

async function send({ port, ca }: RunningProxy, options: RequestOptions, body?: string | Buffer): Promise<Answer> {
  const outgoing = request({ host: '127.0.0.1', servername: 'localhost', port, ca, path: '/graphql', ...options });
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
  // The proxy may answer and end the connection before it has read a large body.
  outgoing.on('error', () => {});
  outgoing.end(body);
  const [response] = await answered;
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
}

const json = { 'content-type': 'application/json' };
const post = (proxy: RunningProxy, query: string, headers: Record<string, string> = {}) =>
  send(proxy, { method: 'POST', headers: { ...json, ...headers } }, JSON.stringify({ query }));
const readJson = ({ body }: Answer) => JSON.parse(body.toString()) as Record<string, unknown>;

describe(title, () => {
  withNginx('passes operations on, over HTTP/1.1 and HTTP/2, with the address of the client', async () => {
    const [system] = systems;
    const proxy = await startProxy([portOf(system)]);
    const answer = await post(proxy, '{ product(id: "1") { name } }', { 'x-forwarded-for': '192.0.2.1' });
    expect(readJson(answer)).toEqual({ data: { product: { name: 'Product 1' } } });
    // Not the address that the client claims to have.
    expect(system.seen.at(-1)?.request.ip).toBe('127.0.0.1');

    const session = connectHttp2(`https://127.0.0.1:${proxy.port}`, { ca: proxy.ca });
    stops.push(() => session.destroy());
    const stream = session.request({ ':method': 'POST', ':path': '/graphql', ...json });
    stream.end('{"query":"{ __typename }"}');
    expect(JSON.parse(await text(stream))).toEqual({ data: { __typename: 'Query' } });
    expect(session.alpnProtocol).toBe('h2');
  });

  withNginx('compresses nothing that the gateway has compressed', async () => {
    const proxy = await startProxy([portOf(systems[0])]);
    const large = `{ ${Array.from({ length: 90 }, (_, index) => `a${index}: product(id: "${index}") { name }`).join(' ')} }`;
    const answer = await post(proxy, large, { 'accept-encoding': 'gzip' });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(answer.body).toString())).toMatchObject({ data: { a89: { name: 'Product 89' } } });
  });

  withNginx(
    'answers in the form of the gateway when a body or the headers are too large, and when no gateway runs',
    async () => {
      const [system] = systems;
      const machine = await openMachine(system);
      const proxy = await startProxy([machine.port]);
      const padded = (bytes: number) => `{"query":"{ __typename }"${' '.repeat(bytes - 26)}}`;
      const direct = await fetch(`${system.gateway.url}/graphql`, {
        method: 'POST',
        headers: json,
        body: padded(requestSize.bodyLimit + 1),
      });
      const refused = await send(proxy, { method: 'POST', headers: json }, padded(requestSize.bodyLimit + 1));
      expect(refused).toMatchObject({ status: direct.status, headers: { 'content-type': 'application/json' } });
      expect(readJson(refused)).toEqual(await direct.json());
      // One byte less is accepted.
      expect(await send(proxy, { method: 'POST', headers: json }, padded(requestSize.bodyLimit))).toMatchObject({
        status: 200,
      });

      const headers = { 'x-large': 'x'.repeat(serverLimits.maxHeaderSize) };
      expect(await send(proxy, { headers })).toMatchObject({
        status: 431,
        headers: { 'content-type': 'application/json' },
      });

      await machine.kill();
      const away = await post(proxy, '{ __typename }');
      expect(away).toMatchObject({ status: 503, headers: { 'retry-after': '1', 'content-type': 'application/json' } });
      expect(readJson(away)).toEqual(errorBody('SERVICE_UNAVAILABLE'));
    },
  );

  withNginx('sends plain HTTP to HTTPS, and does not have the metrics', async () => {
    const proxy = await startProxy([portOf(systems[0])]);
    const redirect = requestHttp({
      host: '127.0.0.1',
      port: proxy.httpPort,
      path: '/graphql?a=b',
      headers: { host: 'shop.example' },
    }).end();
    const [response] = (await once(redirect, 'response')) as [IncomingMessage];
    response.resume();
    expect(response).toMatchObject({ statusCode: 308, headers: { location: 'https://shop.example/graphql?a=b' } });
    expect(await send(proxy, { path: '/metrics' })).toMatchObject({ status: 404 });
  });

  withNginx('passes WebSockets and streams of events without a buffer, and says who the client is', async () => {
    const upstream = await startStreams();
    const proxy = await startProxy([upstream.port]);

    const socket = connectTls({ host: '127.0.0.1', port: proxy.port, ca: proxy.ca });
    stops.push(() => socket.destroy());
    socket.write('GET /graphql HTTP/1.1\r\nHost: shop.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    const received = collect(socket);
    await eventually(() => expect(received()).toContain('101 Switching Protocols'));
    socket.write('ping');
    await eventually(() => expect(received()).toMatch(/echo of ping$/));

    const outgoing = request({
      ...{
        host: '127.0.0.1',
        servername: 'localhost',
        port: proxy.port,
        ca: proxy.ca,
        path: '/graphql',
        method: 'POST',
      },
      headers: {
        ...json,
        accept: 'text/event-stream',
        'x-forwarded-for': '192.0.2.1',
        'x-forwarded-proto': 'ftp',
        forwarded: 'for=192.0.2.1',
        'x-request-id': 'mine',
        host: 'shop.example',
      },
    });
    outgoing.end('{"query":"subscription { a }"}');
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    const events = collect(response);
    // The second event is sent once the client has the first one.
    await eventually(() => expect(events()).toBe('data: {"query":"subscription { a }"}\n\n'));
    upstream.sendEvent('data: second\n\n');
    await eventually(() => expect(events()).toMatch(/data: second\n\n$/));
    expect(upstream.headers()).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-request-id': 'mine',
      host: 'shop.example',
    });
    expect(upstream.headers()).not.toHaveProperty('forwarded');
    outgoing.destroy();
  });

  withNginx(
    'loses no read by GET, and no POST beyond those on the wire, when one of two gateways is killed under load',
    async () => {
      const [first, second] = [await openMachine(systems[0]), await openMachine(systems[1])];
      const proxy = await startProxy([first.port, second.port]);
      const agent = new Agent({ keepAlive: true });
      stops.push(() => agent.destroy());

      const parallel = 4;
      const reads = startLoad(parallel, () =>
        send(proxy, {
          agent,
          path: `/graphql?query=${encodeURIComponent('{ product(id: "1") { name } }')}`,
          headers: { 'apollo-require-preflight': '1' },
        }),
      );
      const posts = startLoad(parallel, () =>
        send(proxy, { agent, method: 'POST', headers: json }, '{"query":"{ product(id: \\"1\\") { name } }"}'),
      );
      stops.push(reads.stop, posts.stop);
      await reads.further(50);
      await first.kill();
      await reads.further(100);
      await posts.further(100);
      await first.revive();
      // The gateway that is back gets requests again.
      const before = first.accepted();
      await eventually(() => expect(first.accepted()).toBeGreaterThan(before), { timeoutMs: 120_000 });
      await reads.further(50);
      await second.kill();
      await reads.further(50);

      const [read, posted] = [await reads.stop(), await posts.stop()];
      expect(read.failures).toEqual([]);
      // A POST that a killed gateway had received may be a mutation, so nginx does not send it again: those in flight fail.
      expect(posted.failures.length).toBeLessThanOrEqual(2 * parallel);
      for (const failure of posted.failures) {
        expect(failure).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
        expect(readJson(failure)).toEqual(errorBody('SERVICE_UNAVAILABLE'));
      }
      expect(read.answers + posted.answers).toBeGreaterThan(300);
    },
  );
});

/** Repeats a request in parallel until it is stopped. */
function startLoad(parallel: number, call: () => Promise<Answer>) {
  const failures: Answer[] = [];
  let answers = 0;
  let isStopped = false;
  const loops = Array.from({ length: parallel }, async () => {
    while (!isStopped) {
      const answer = await call().catch((error: unknown) => ({
        status: 0,
        headers: {},
        body: Buffer.from(String(error)),
      }));
      if (answer.status === 200) answers += 1;
      else failures.push(answer);
      await pause(5);
    }
  });
  return {
    further: (count: number) => {
      const before = answers;
      return eventually(() => expect(answers).toBeGreaterThan(before + count), { timeoutMs: 120_000 });
    },
    async stop() {
      isStopped = true;
      await Promise.all(loops);
      return { answers, failures };
    },
  };
}

/** All that a stream has brought. */
function collect(stream: NodeJS.ReadableStream): () => string {
  let received = '';
  stream.on('data', (chunk: Buffer) => (received += chunk.toString())).on('error', () => {});
  return () => received;
}

/** A server that accepts WebSockets, and answers other requests with a stream of events: first its body, then what the test sends. */
async function startStreams() {
  const sockets = new Set<Socket>();
  let headers: IncomingHttpHeaders = {};
  let sendEvent: (event: string) => void = () => {};
  const server: Server = createServer(async (incoming, response) => {
    headers = incoming.headers;
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(`data: ${await text(incoming)}\n\n`);
    sendEvent = (event) => void response.write(event);
  });
  server.on('connection', (socket) => void sockets.add(socket.on('error', () => {})));
  server.on('upgrade', (_incoming, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    socket.on('data', (chunk: Buffer) => socket.write(`echo of ${chunk.toString()}`));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  stops.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    port: (server.address() as AddressInfo).port,
    headers: () => headers,
    sendEvent: (event: string) => sendEvent(event),
  };
}
