import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { connect as connectHttp2, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { Agent, request } from 'node:https';
import { connect as connectTls, type PeerCertificate, type TLSSocket } from 'node:tls';
import {
  createCertificate,
  eventually,
  temporaryDirectory,
  writeCertificate,
  type TemporaryDirectory,
  type TestCertificate,
} from '@shop/testing';
import type { GatewayConfig } from '../src/index.ts';
import { testResolvers } from './resolvers.ts';
import { startSystem, type System } from './system.ts';

let directory: TemporaryDirectory;
let first: TestCertificate;
let files: { certFile: string; keyFile: string };
const systems: System[] = [];
const sessions: ClientHttp2Session[] = [];

beforeAll(async () => {
  first = await createCertificate();
});
beforeEach(async () => {
  directory = await temporaryDirectory();
  files = await writeCertificate(directory.path, first);
});
afterEach(async () => {
  for (const session of sessions.splice(0)) session.destroy();
  for (const system of systems.splice(0)) await system.close();
  await directory.remove();
});

async function open(config: Partial<GatewayConfig> = {}, resolvers = testResolvers): Promise<System> {
  const system = await startSystem(resolvers, { config: { tls: { ...files, intervalMs: 20 }, ...config } });
  systems.push(system);
  return system;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Sends an operation by HTTP/1.1. */
function askHttp1(url: string, query: string, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', ca: first.cert, headers: { 'content-type': 'application/json' }, agent };
    const sent = request(`${url}/graphql`, options, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () => resolve({ status: Number(response.statusCode), headers: response.headers, text }));
      response.on('error', reject);
    });
    sent.on('error', reject).end(JSON.stringify({ query }));
  });
}

async function openSession(url: string): Promise<ClientHttp2Session> {
  const session = connectHttp2(url, { ca: first.cert });
  sessions.push(session);
  session.on('error', () => undefined);
  await once(session, 'connect');
  return session;
}

function post(session: ClientHttp2Session, body: string | undefined, headers = {}): ClientHttp2Stream {
  const stream = session.request({
    [constants.HTTP2_HEADER_METHOD]: 'POST',
    [constants.HTTP2_HEADER_PATH]: '/graphql',
    'content-type': 'application/json',
    ...headers,
  });
  if (body !== undefined) stream.end(body);
  return stream;
}

/** Reads the answer of a stream. Rejects when the stream ends without one. */
async function read(stream: ClientHttp2Stream): Promise<Answer> {
  let text = '';
  stream.on('data', (chunk) => (text += String(chunk)));
  const headers = new Promise<Record<string, unknown>>((resolve) => stream.once('response', resolve));
  await new Promise((resolve, reject) => stream.once('close', () => resolve(undefined)).once('error', reject));
  if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) throw new Error(`the stream was reset with ${stream.rstCode}`);
  const answer = await headers;
  return { status: Number(answer[':status']), headers: answer, text };
}

const operation = (query: string) => JSON.stringify({ query });

/** The certificate that a new connection gets. */
async function readFingerprint(url: string): Promise<string> {
  const socket = connectTls({ port: Number(new URL(url).port), host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate() as PeerCertificate;
  socket.destroy();
  return fingerprint256;
}
const fingerprint = ({ cert }: TestCertificate) => new X509Certificate(cert).fingerprint256;

describe('with a certificate', () => {
  test('the gateway answers HTTP/2 and HTTP/1.1, and nothing in plain text', async () => {
    const { gateway } = await open();
    expect(gateway.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const session = await openSession(gateway.url);
    expect(session.alpnProtocol).toBe('h2');
    const [one, two] = [await read(post(session, operation('{ whoami }'))), await askHttp1(gateway.url, '{ whoami }')];
    for (const answer of [one, two]) {
      expect([answer.status, answer.text]).toEqual([200, '{"data":{"whoami":"[null,null,[]]"}}\n']);
      expect(answer.headers).toMatchObject({
        'x-request-id': expect.any(String) as unknown,
        'x-frame-options': 'DENY',
      });
    }
    await expect(fetch(gateway.url.replace('https', 'http'))).rejects.toThrow();
  });

  test.each([
    ['/health/ready', 'GET', 200],
    ['/graphiql', 'GET', 404],
    ['/graphql', 'DELETE', 405],
    ['/nothing', 'GET', 404],
  ])('HTTP/2 answers %s by %s with %i', async (path, method, status) => {
    const { gateway } = await open({ isProduction: true });
    const session = await openSession(gateway.url);
    const answer = await read(session.request({ ':method': method, ':path': path }));
    expect(answer.status).toBe(status);
    expect(() => JSON.parse(answer.text) as unknown).not.toThrow();
  });

  test('a body that is too large is answered with 413 in HTTP/2, and the session goes on', async () => {
    const { gateway } = await open();
    const session = await openSession(gateway.url);
    expect((await read(post(session, 'x'.repeat(2 * 1024 * 1024)))).status).toBe(413);
    expect((await read(post(session, operation('{ whoami }')))).status).toBe(200);
  });

  test('the requests of one session are answered at the same time', async () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const user = { Query: { whoami: () => released.then(() => 'me') } };
    const { gateway } = await open({ subgraphTimeoutMs: 60_000 }, { ...testResolvers, user });
    const session = await openSession(gateway.url);
    const slow = read(post(session, operation('{ whoami }')));
    expect((await read(post(session, operation('{ product(id: "1") { name } }')))).status).toBe(200);
    release();
    expect((await slow).status).toBe(200);
  });
});

describe('a certificate', () => {
  test('is renewed without a restart, and open connections stay', async () => {
    const system = await open();
    const { url } = system.gateway;
    const session = await openSession(url);
    expect(await readFingerprint(url)).toBe(fingerprint(first));
    const second = await createCertificate();
    await writeCertificate(directory.path, second);
    await eventually(async () => expect(await readFingerprint(url)).toBe(fingerprint(second)));
    expect((await read(post(session, operation('{ whoami }')))).status).toBe(200);
    expect(system.lines.filter(({ msg }) => msg === 'the TLS certificate was renewed')).toHaveLength(1);
  });

  test.each([
    ['a file that is no certificate', { cert: 'nonsense' }, /cert\.pem is not a certificate in PEM/],
    ['the key of another one', { key: undefined }, /The key in .* does not belong to the certificate/],
    ['half of a key', { key: '-----BEGIN PRIVATE KEY-----\nMIG' }, /key\.pem is not a private key in PEM/],
  ])('is kept, and the reason is logged once, when the new one is %s', async (_what, broken, reason) => {
    const system = await open();
    const { url } = system.gateway;
    const second = await createCertificate();
    const key = 'key' in broken ? (broken.key ?? second.key) : first.key;
    await writeCertificate(directory.path, { ...first, ...broken, key });
    const findReasons = () =>
      system.lines
        .filter(({ msg }) => msg === 'the TLS certificate was not renewed, the old one stays')
        .map(({ err }) => (err as Error).message);
    await eventually(() => expect(findReasons()).toEqual([expect.stringMatching(reason)]));
    expect(await readFingerprint(url)).toBe(fingerprint(first));
    await writeCertificate(directory.path, second);
    await eventually(async () => expect(await readFingerprint(url)).toBe(fingerprint(second)));
    // Between two files of a pair that are written one after the other, the pair may be broken for a moment.
    expect(findReasons().filter((text) => reason.test(text))).toHaveLength(1);
  });

  test('that expires soon is reported', async () => {
    files = await writeCertificate(directory.path, await createCertificate(2));
    const system = await open();
    expect(system.lines.filter(({ level }) => level === 'warn')).toMatchObject([
      {
        msg: expect.stringMatching(/^the TLS certificate expires soon, at 20\d\d-/) as unknown,
        names: 'DNS:localhost, IP Address:127.0.0.1',
      },
    ]);
  });

  test.each([
    ['is missing', async () => rm(files.certFile), /cert\.pem cannot be read \(ENOENT\)\. Correct TLS_CERT_FILE\./],
    ['is no certificate', async () => writeFile(files.certFile, 'x'), /cert\.pem is not a certificate in PEM\./],
    ['has another key', async () => writeFile(files.keyFile, (await createCertificate()).key), /does not belong to/],
  ])('that %s is an error of the start', async (_what, spoil, message) => {
    await spoil();
    await expect(open()).rejects.toThrow(message);
  });
});

describe('a gateway that closes', () => {
  const withSlow = () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let reportStart = (): void => undefined;
    const started = new Promise<void>((resolve) => (reportStart = resolve));
    const whoami = async () => {
      reportStart();
      await released;
      return 'me';
    };
    return { resolvers: { ...testResolvers, user: { Query: { whoami } } }, release, started };
  };

  test('finishes the requests of HTTP/2 sessions, and ends the sessions', async () => {
    const { resolvers, release, started } = withSlow();
    const system = await open({ subgraphTimeoutMs: 60_000 }, resolvers);
    systems.length = 0; // the test closes it
    const { gateway } = system;
    const [busy, idle] = [await openSession(gateway.url), await openSession(gateway.url)];
    const slow = read(post(busy, operation('{ whoami }')));
    await started;
    const goneAway = once(busy, 'goaway');
    const idleClosed = once(idle, 'close');
    const busyClosed = once(busy, 'close');
    const closed = system.close();
    await Promise.all([goneAway, idleClosed]);
    release();
    expect(await slow).toMatchObject({ status: 200, text: '{"data":{"whoami":"me"}}\n' });
    await Promise.all([busyClosed, closed]);
  });

  test('finishes the requests of HTTP/1.1 connections, and does not wait for idle ones', async () => {
    const { resolvers, release, started } = withSlow();
    const system = await open({ subgraphTimeoutMs: 60_000 }, resolvers);
    systems.length = 0; // the test closes it
    const { gateway } = system;
    const agent = new Agent({ keepAlive: true });
    expect((await askHttp1(gateway.url, '{ __typename }', agent)).status).toBe(200);
    const silent: TLSSocket = connectTls({
      port: Number(new URL(gateway.url).port),
      ca: first.cert,
      host: 'localhost',
    });
    silent.on('error', () => undefined);
    await once(silent, 'secureConnect');
    const slow = askHttp1(gateway.url, '{ whoami }');
    await started;
    const before = performance.now();
    const closed = system.close();
    release();
    expect(await slow).toMatchObject({ status: 200, headers: { connection: 'close' } });
    await closed;
    // The deadline of connections in progress is ten seconds.
    expect(performance.now() - before).toBeLessThan(9_000);
    agent.destroy();
    silent.destroy();
  });
});
