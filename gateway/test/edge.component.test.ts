import { request } from 'node:http';
import { brotliDecompressSync } from 'node:zlib';
import { eventually } from '@shop/testing';
import type { GatewayConfig } from '../src/index.ts';
import { signAccessToken } from './keys.ts';
import { redisSkipReason, startRedis, type TestRedis } from './redis.ts';
import { testResolvers } from './resolvers.ts';
import { execute, startSystem, type System } from './system.ts';

const systems: System[] = [];
afterEach(async () => {
  for (const system of systems.splice(0)) await system.close();
});

async function open(config: Partial<GatewayConfig>, resolvers = testResolvers) {
  const system = await startSystem(resolvers, { config });
  systems.push(system);
  return system;
}

const shopOrigin = 'https://shop.example';
const browsers = { corsOrigins: [shopOrigin], compressAboveBytes: 1_024 };

describe('a page of another origin', () => {
  const ask = (url: string, origin: string) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    });
  /** `fetch` does not send the headers of a preflight. */
  const preflight = (url: string, origin: string) =>
    new Promise<{ status: number | undefined; headers: Record<string, unknown> }>((resolve, reject) => {
      const headers = {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,authorization',
      };
      request(`${url}/graphql`, { method: 'OPTIONS', headers }, (response) => {
        response.resume();
        resolve({ status: response.statusCode, headers: response.headers });
      })
        .on('error', reject)
        .end();
    });

  test('may use the API when its origin is allowed', async () => {
    const { gateway } = await open({ browsers });
    const { status, headers } = await preflight(gateway.url, shopOrigin);
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': shopOrigin,
      'access-control-allow-headers': 'content-type,authorization',
      'access-control-max-age': '600',
    });
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    const answer = await ask(gateway.url, shopOrigin);
    expect(answer.headers.get('access-control-allow-origin')).toBe(shopOrigin);
    expect(answer.headers.get('access-control-expose-headers')).toContain('retry-after');
    expect(answer.headers.get('vary')).toContain('Origin');
  });

  test.each(['https://shop.example.evil.test', 'http://shop.example', 'null', 'http://localhost:3000'])(
    'may not when its origin is %s',
    async (origin) => {
      const { gateway } = await open({ browsers });
      const { status, headers } = await preflight(gateway.url, origin);
      expect([status, headers['access-control-allow-origin']]).toEqual([204, undefined]);
      const answer = await ask(gateway.url, origin);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  test('of this machine may in development', async () => {
    const { gateway } = await open({ browsers: { ...browsers, corsOrigins: ['localhost'] } });
    for (const origin of ['http://localhost:5173', 'http://127.0.0.1:3000', 'http://[::1]:80'])
      expect((await ask(gateway.url, origin)).headers.get('access-control-allow-origin')).toBe(origin);
    const evil = await ask(gateway.url, 'http://localhost.evil.test');
    expect(evil.headers.get('access-control-allow-origin')).toBeNull();
  });
});

test.each([
  ['/graphql', 400],
  ['/health', 200],
  ['/nothing', 404],
  ['/.well-known/jwks.json', 200],
])('%s answers %i with headers that turn off what a browser does not need', async (path, status) => {
  const { gateway } = await open({ browsers, isProduction: true });
  const answer = await fetch(`${gateway.url}${path}`);
  expect(answer.status).toBe(status);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'strict-transport-security': 'max-age=31536000',
  });
  expect(answer.headers.get('x-powered-by')).toBeNull();
});

describe('compression', () => {
  const raw = (url: string, query: string) =>
    new Promise<{ encoding: string | undefined; body: Buffer }>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'accept-encoding': 'gzip, br' };
      const sent = request(`${url}/graphql`, { method: 'POST', headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ encoding: response.headers['content-encoding'], body: Buffer.concat(chunks) }),
        );
      });
      sent.on('error', reject).end(JSON.stringify({ query }));
    });
  const large = `{ ${Array.from({ length: 90 }, (_, n) => `alias${n}: __typename`).join(' ')} }`;

  test('is used for large answers', async () => {
    const { gateway } = await open({ browsers });
    const { encoding, body } = await raw(gateway.url, large);
    expect(encoding).toBe('br');
    expect(JSON.parse(brotliDecompressSync(body).toString())).toMatchObject({ data: { alias89: 'Query' } });
    expect((await raw(gateway.url, '{ __typename }')).encoding).toBeUndefined();
  });

  test('can be turned off', async () => {
    const { gateway } = await open({ browsers: { ...browsers, compressAboveBytes: 0 } });
    expect((await raw(gateway.url, large)).encoding).toBeUndefined();
  });
});

describe('the limit of rates', () => {
  const trustedProxies = '127.0.0.1';
  const from = (address: string) => ({ 'x-forwarded-for': address });
  /** Costs 20 points: a list without a size is estimated at 10 items of one object each, plus the scalars, which are free. */
  const query = '{ products { id } }';

  test('charges a client for the cost of its operations, and answers 429 when it has spent all', async () => {
    const { gateway } = await open({ trustedProxies, rateLimit: { points: 30 } });
    const ask = (address: string, text = query) => execute(gateway.url, text, from(address));
    const first = await ask('10.0.0.1');
    const [limit, remaining] = ['limit', 'remaining'].map((name) => Number(first.headers.get(`ratelimit-${name}`)));
    expect([first.status, limit]).toEqual([200, 30]);
    const cost = 30 - Number(remaining);
    expect(cost).toBeGreaterThan(1);
    let refused = await ask('10.0.0.1');
    for (let n = 0; n < 30 && refused.status === 200; n += 1) refused = await ask('10.0.0.1');
    expect([refused.status, refused.errors?.[0]?.extensions]).toMatchObject([
      429,
      { code: 'RATE_LIMITED', limit: 30, actual: cost },
    ]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('ratelimit-remaining')).toBe('0');
    expect((await ask('10.0.0.2')).status).toBe(200);
  });

  test('counts a user by account, from any address', async () => {
    const system = await open({ trustedProxies, rateLimit: { points: 5 } });
    const [ada, bob] = await Promise.all(['ada', 'bob'].map((sub) => signAccessToken(system.accessKey, { sub })));
    const ask = (token: string | undefined, address: string) =>
      execute(system.gateway.url, '{ __typename }', { ...from(address), authorization: `Bearer ${token}` });
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await ask(ada, `10.0.1.${n}`)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    expect((await ask(bob, '10.0.1.1')).status).toBe(200);
  });

  test('charges for documents that are refused', async () => {
    const { gateway } = await open({ trustedProxies, rateLimit: { points: 25 } });
    const remaining: (string | null)[] = [];
    for (const text of ['{', '{ nothing }', '{ __typename }'])
      remaining.push((await execute(gateway.url, text, from('10.0.0.1'))).headers.get('ratelimit-remaining'));
    expect(remaining).toEqual(['15', '5', '4']);
  });

  (redisSkipReason === '' ? describe : describe.skip)(`with Redis${redisSkipReason}`, () => {
    let redis: TestRedis;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(() => redis.remove());

    test('gateways count together, and alone while it is away', async () => {
      const config = { trustedProxies, rateLimit: { points: 6 }, redisUrl: redis.url };
      const [one, two] = [await open(config), await open(config)];
      const ask = (system: System, address: string) => execute(system.gateway.url, '{ __typename }', from(address));
      const health = async (system: System) =>
        (await (await fetch(`${system.gateway.url}/health`)).json()) as { status: string; away?: string[] };
      for (const system of [one, two])
        await eventually(async () => expect(await health(system)).toMatchObject({ status: 'ok' }));
      const statuses: number[] = [];
      for (let n = 0; n < 8; n += 1) statuses.push((await ask(n % 2 === 0 ? one : two, '10.0.0.1')).status);
      expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);

      await redis.stop();
      await eventually(async () => expect(await health(one)).toMatchObject({ status: 'degraded', away: ['redis'] }));
      const alone: number[] = [];
      for (let n = 0; n < 7; n += 1) alone.push((await ask(one, '10.0.0.2')).status);
      expect(alone).toEqual([200, 200, 200, 200, 200, 200, 429]);
      const warnings = () => one.lines.filter(({ msg }) => String(msg).startsWith('Redis is away'));
      await eventually(() => expect(warnings()).toHaveLength(1));

      redis.start();
      await eventually(async () => expect(await health(one)).toMatchObject({ status: 'ok' }));
    });
  });
});

test('operations beyond the limit in flight are refused at once, and health checks are not', async () => {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const resolvers = { ...testResolvers, user: { Query: { whoami: () => released.then(() => 'me') } } };
  const { gateway } = await open(
    { load: { most: 3, least: 1, targetMs: 60_000 }, subgraphTimeoutMs: 60_000 },
    resolvers,
  );
  const waiting = Array.from({ length: 3 }, () => execute(gateway.url, '{ whoami }'));
  try {
    await eventually(async () => {
      const { status, headers, errors } = await execute(gateway.url, '{ __typename }');
      expect([status, headers.get('retry-after'), errors?.[0]?.extensions['code']]).toEqual([
        503,
        '1',
        'SERVICE_UNAVAILABLE',
      ]);
    });
    expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(200);
  } finally {
    release();
  }
  expect((await Promise.all(waiting)).map(({ data }) => data)).toEqual(waiting.map(() => ({ whoami: 'me' })));
  expect((await execute(gateway.url, '{ __typename }')).status).toBe(200);
});
