import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  anonymous,
  ClockChallenge,
  clockExchange,
  createInternalTokenSigner,
  createInternalTokenVerifier,
  internalToken,
} from '@shop/process';
import type { JWK } from 'jose';
import { createSigningKey, type SigningKey } from '../../../test/keys.ts';
import { SignedCalls } from './signed-calls.ts';
import { SubgraphClient } from './subgraph-client.ts';

let key: SigningKey;
let server: Server;
let client: SubgraphClient;

beforeAll(async () => {
  key = await createSigningKey('k1');
});
afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Opens replicas of a subgraph behind one address that takes them in turn. Each has a clock of its own. */
async function openReplicas(count: number) {
  const handled: string[] = [];
  let requests = 0;
  const replicas = Array.from({ length: count }, (_, index) => {
    const wall = (): number => Date.now() + (index - 1) * 300_000;
    const jwks = { keys: [key.publicJwk as JWK & { kty: string }] };
    return createInternalTokenVerifier({ jwks, audience: 'product', wall });
  });
  server = createServer(async (request, response) => {
    const verify = replicas[requests++ % count]!;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [token, proof] = [request.headers[internalToken.header], request.headers[clockExchange.proofHeader]];
    try {
      await verify(String(token), proof as string | undefined);
      handled.push(Buffer.concat(chunks).toString('utf8'));
      response.end('{}');
    } catch (error) {
      if (error instanceof ClockChallenge) response.setHeader(clockExchange.challengeHeader, error.challenge);
      response.writeHead(401).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new SubgraphClient({ name: 'product', urls: [getUrl(server)], timeoutMs: 60_000 });
  return { handled, requests: () => requests };
}

const getUrl = (of: Server) => `http://127.0.0.1:${(of.address() as AddressInfo).port}`;

const openCalls = () => {
  const signer = createInternalTokenSigner({ privateJwk: key.privateJwk, instance: 'gateway-1' });
  const calls = new SignedCalls({ client, signer });
  return (body: string) => calls.post({ viewer: anonymous, body, headers: {} });
};

test.each([1, 2, 3, 7])('%d replicas of a subgraph learn the clock, and handle each call once', async (count) => {
  const { handled, requests } = await openReplicas(count);
  const call = openCalls();
  for (const body of ['a', 'b', 'c']) expect(await call(body)).toMatchObject({ status: 200 });
  expect(handled).toEqual(['a', 'b', 'c']);
  // One round of challenges suffices for all replicas: each later call learns of one more by its second request at the latest.
  const before = requests();
  for (let n = 0; n < count; n += 1) await call('later');
  expect(requests() - before).toBeLessThanOrEqual(2 * count);
});

test('each of twenty instances learns the clock from the call that it challenged', async () => {
  const instances = [];
  for (let count = 0; count < 20; count += 1) {
    const { handled, requests } = await openReplicas(1);
    await client.close();
    instances.push({ server, handled, requests, url: getUrl(server) });
  }
  client = new SubgraphClient({ name: 'product', urls: instances.map(({ url }) => url), timeoutMs: 60_000 });
  const call = openCalls();
  // While one call is in flight, the next goes to another instance.
  const answers = await Promise.all(instances.map((_, number) => call(`call ${number}`)));
  expect(answers.map(({ status }) => status)).toEqual(instances.map(() => 200));
  expect(instances.map(({ handled, requests }) => [handled.length, requests()])).toEqual(instances.map(() => [1, 2]));
  for (const each of instances.slice(0, -1)) {
    each.server.closeAllConnections();
    each.server.close();
  }
});

test('concurrent first calls all succeed', async () => {
  const { handled } = await openReplicas(1);
  const call = openCalls();
  const bodies = Array.from({ length: 40 }, (_, n) => `call ${n}`);
  const answers = await Promise.all(bodies.map(call));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect([...handled].sort()).toEqual([...bodies].sort());
});

test('a refusal is passed on after a limited number of challenges', async () => {
  const { handled, requests } = await openReplicas(20);
  expect(await openCalls()('a')).toMatchObject({ status: 401 });
  expect(requests()).toBe(9);
  expect(handled).toEqual([]);
});

test('a refusal without a challenge is passed on at once', async () => {
  const { requests } = await openReplicas(1);
  key = await createSigningKey('k2');
  expect(await openCalls()('a')).toMatchObject({ status: 401 });
  expect(requests()).toBe(1);
});
