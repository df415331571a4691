import { randomBytes } from 'node:crypto';
import { clockExchange } from '@shop/process';
import { UnsecuredJWT, SignJWT, exportJWK, exportSPKI, generateKeyPair, importJWK, type CryptoKey } from 'jose';
import { createSigningKey, signAccessToken } from './keys.ts';
import { testResolvers } from './resolvers.ts';
import { execute, startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem(testResolvers);
});
afterAll(() => system.close());

const whoami = async (headers: Record<string, string> = {}) => execute(system.gateway.url, '{ whoami }', headers);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const now = () => Math.floor(Date.now() / 1000);

test('without a token the viewer is anonymous, and no key is fetched', async () => {
  for (const headers of [undefined, { authorization: '' }, { authorization: 'Bearer ' }]) {
    expect((await whoami(headers)).data).toEqual({ whoami: '[null,null,[]]' });
  }
  expect(system.jwksFetches).toBe(0);
});

test('the subgraphs get the viewer of the token, and the keys are fetched once', async () => {
  const tokens = await Promise.all(
    [1, 2, 3].map((n) => signAccessToken(system.accessKey, { sub: `u${n}`, scope: 'a b' })),
  );
  const answers = await Promise.all([...tokens, ...tokens].map((token) => whoami(bearer(token))));
  expect(answers.map(({ data }) => data?.['whoami'])).toEqual(
    [1, 2, 3, 1, 2, 3].map((n) => `["u${n}","s1",["a","b"]]`),
  );
  expect(system.jwksFetches).toBe(1);
});

test('identity headers of the client are not passed on', async () => {
  system.seen.length = 0;
  await whoami({
    'x-internal-token': 'forged',
    'x-user-id': 'admin',
    'x-user-role': 'ADMIN',
    'x-scopes': 'user:write',
    'x-client-ip': '192.0.2.1',
    'x-forwarded-for': '192.0.2.1',
    'x-client-user-agent': 'forged',
    'user-agent': 'test/1',
    cookie: 'a=b',
    'x-request-id': 'request-0001',
  });
  expect(system.seen).toHaveLength(1);
  const [{ request, headers } = { request: undefined, headers: {} }] = system.seen;
  expect(request).toEqual({
    viewer: { userId: null, sessionId: null, scopes: new Set() },
    requestId: 'request-0001',
    ip: '127.0.0.1',
    userAgent: 'test/1',
  });
  expect(Object.keys(headers).sort()).toEqual([
    'accept',
    'connection',
    'content-length',
    'content-type',
    'host',
    'x-client-ip',
    'x-client-user-agent',
    'x-internal-token',
    'x-request-id',
  ]);
});

describe('an access token', () => {
  const forgeries: [string, () => Promise<string>][] = [
    ['that has expired', () => signAccessToken(system.accessKey, { exp: now() - 1 })],
    ['that never expires', () => signAccessToken(system.accessKey, { exp: undefined })],
    ['that is not valid yet', () => signAccessToken(system.accessKey, { nbf: now() + 600 })],
    ['that lives for ten years', () => signAccessToken(system.accessKey, { exp: now() + 315_360_000 })],
    ['that lives a second too long', () => signAccessToken(system.accessKey, { iat: now(), exp: now() + 901 })],
    ['that was issued in the future', () => signAccessToken(system.accessKey, { iat: now() + 400, exp: now() + 900 })],
    [
      'that expired before it was issued',
      () => signAccessToken(system.accessKey, { iat: now() + 60, exp: now() + 30 }),
    ],
    ['whose subject is an object', () => signAccessToken(system.accessKey, { sub: { id: 'u1' } })],
    ['whose subject is a list', () => signAccessToken(system.accessKey, { sub: ['u1'] })],
    ['whose subject is a number', () => signAccessToken(system.accessKey, { sub: 1 })],
    ['whose subject is empty', () => signAccessToken(system.accessKey, { sub: '' })],
    ['whose subject is null', () => signAccessToken(system.accessKey, { sub: null })],
    ['whose session is an object', () => signAccessToken(system.accessKey, { sid: {} })],
    ['without a session', () => signAccessToken(system.accessKey, { sid: undefined })],
    ['whose scopes are a list', () => signAccessToken(system.accessKey, { scope: ['user:write'] })],
    ['whose time of issue is a text', () => signAccessToken(system.accessKey, { iat: String(now()) })],
    ['without a time of issue', () => signAccessToken(system.accessKey, { iat: undefined })],
    ['whose expiry is a text', () => signAccessToken(system.accessKey, { exp: String(now() + 60) })],
    ['of another issuer', () => signAccessToken(system.accessKey, { iss: 'somebody' })],
    ['for another audience', () => signAccessToken(system.accessKey, { aud: 'other' })],
    ['without a subject', () => signAccessToken(system.accessKey, { sub: undefined })],
    ['of another type', () => signAccessToken(system.accessKey, {}, { typ: 'internal+jwt' })],
    ['signed with another key', async () => signAccessToken(await createSigningKey('access-1'))],
    ['with an unknown key id', async () => signAccessToken(await createSigningKey('access-9'))],
    ['of algorithm none', async () => new UnsecuredJWT({ sub: 'u1', exp: now() + 60 }).encode()],
    [
      'of HS256 with the public key as its secret',
      () =>
        new SignJWT({
          sub: 'u1',
          iss: 'federated-commerce',
          aud: 'federated-commerce-api',
          iat: now(),
          exp: now() + 60,
        })
          .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'access-1' })
          .sign(Buffer.from(String(system.accessKey.publicJwk.x), 'base64url')),
    ],
    [
      'that brings its own key',
      async () => {
        const other = await generateKeyPair('EdDSA', { extractable: true });
        return signAccessToken(
          { ...system.accessKey, privateKey: other.privateKey },
          {},
          { jwk: await exportJWK(other.publicKey) },
        );
      },
    ],
    [
      'of HS256 with the public key in PEM as its secret',
      async () => {
        const pem = await exportSPKI(
          (await importJWK(system.accessKey.publicJwk, 'EdDSA', { extractable: true })) as CryptoKey,
        );
        return new SignJWT({
          sub: 'u1',
          iss: 'federated-commerce',
          aud: 'federated-commerce-api',
          iat: now(),
          exp: now() + 60,
        })
          .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'access-1' })
          .sign(Buffer.from(pem));
      },
    ],
    [
      'that says where its key is',
      async () =>
        signAccessToken(
          await createSigningKey('access-1'),
          {},
          { jku: `${system.getUrl('product')}/.well-known/jwks.json` },
        ),
    ],
    [
      'that brings a certificate',
      async () =>
        signAccessToken(await createSigningKey('access-1'), {}, { x5c: ['MIIB'], x5u: 'http://127.0.0.1:1/' }),
    ],
    ['without a type', () => signAccessToken(system.accessKey, {}, { typ: undefined })],
    ['that is a plain JWT', () => signAccessToken(system.accessKey, {}, { typ: 'JWT' })],
    ['without an issuer', () => signAccessToken(system.accessKey, { iss: undefined })],
    ['for nobody', () => signAccessToken(system.accessKey, { aud: undefined })],
    ['that is a refresh token', async () => randomBytes(32).toString('base64url')],
    [
      'that is an internal token',
      async () => {
        system.seen.length = 0;
        await whoami();
        return String(system.seen[0]?.headers['x-internal-token']);
      },
    ],
    [
      'with a changed payload',
      async () =>
        (await signAccessToken(system.accessKey)).replace(
          /\.[^.]+\./,
          `.${Buffer.from(JSON.stringify({ sub: 'admin', exp: now() + 60 })).toString('base64url')}.`,
        ),
    ],
    ['without its signature', async () => (await signAccessToken(system.accessKey)).replace(/[^.]+$/, '')],
    ['that is no token', async () => 'x'],
  ];

  test.each(forgeries)('%s is rejected with 401', async (_name, forge) => {
    const answer = await whoami(bearer(await forge()));
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
    expect(answer.errors).toEqual([
      { message: 'The access token is invalid or has expired.', extensions: { code: 'UNAUTHENTICATED' } },
    ]);
  });

  test('with an unknown key id causes no fetch and reaches no subgraph, even in a flood', async () => {
    await whoami(bearer(await signAccessToken(system.accessKey)));
    const fetches = system.jwksFetches;
    system.seen.length = 0;
    const forged = await createSigningKey('forged');
    const tokens = await Promise.all(
      Array.from({ length: 100 }, (_, n) => signAccessToken(forged, {}, { kid: `made-up-${n}` })),
    );
    const answers = await Promise.all(tokens.map((token) => whoami(bearer(token))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect([system.jwksFetches, system.seen]).toEqual([fetches, []]);
  });

  test.each(['Basic YTpi', 'Bearer a b', 'a.b.c'])('is rejected when it is malformed: %s', async (authorization) => {
    const answer = await whoami({ authorization });
    expect([answer.status, answer.errors?.[0]?.extensions['code']]).toEqual([401, 'UNAUTHENTICATED']);
  });

  test('signed with ES256 is accepted', async () => {
    const key = await createSigningKey('access-es', 'ES256');
    const other = await startSystem(testResolvers);
    other.jwks = [system.accessKey.publicJwk, key.publicJwk];
    const answer = await execute(other.gateway.url, '{ whoami }', bearer(await signAccessToken(key)));
    await other.close();
    expect(answer.data).toEqual({ whoami: '["u1","s1",["user:read"]]' });
  });

  test('is accepted while the user subgraph is down, once the keys are known', async () => {
    await system.stop('user');
    const answer = await execute(
      system.gateway.url,
      '{ product(id: 1) { name } me { id } }',
      bearer(await signAccessToken(system.accessKey, { sub: 'u77' })),
    );
    await system.start('user');
    expect(answer.data).toEqual({ product: { name: 'Product 1' }, me: null });
  });
});

describe('a revoked session', () => {
  const end = (sessionId: string, endedAt = new Date()) => system.revokedSessions.add([sessionId], endedAt);
  const sign = (sid: string) => signAccessToken(system.accessKey, { sub: 'u5', sid });

  test('is refused with 401 in every subgraph, and a session that began in the same second is not', async () => {
    const [old, next] = [await sign('old'), await sign('new')];
    expect((await whoami(bearer(old))).status).toBe(200); // the token is in the cache
    end('old');
    end('old');
    for (const query of ['{ whoami }', '{ product(id: 1) { name } }', 'mutation { placeOrder { id } }']) {
      const answer = await execute(system.gateway.url, query, bearer(old));
      expect([answer.status, answer.errors?.[0]?.extensions['code']]).toEqual([401, 'UNAUTHENTICATED']);
      expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
    }
    expect((await whoami(bearer(next))).data).toEqual({ whoami: '["u5","new",["user:read"]]' });
  });

  test('makes /health degraded while the list of revoked sessions is not up to date, and nothing else', async () => {
    const read = async (path: string) => {
      const answer = await fetch(`${system.gateway.url}${path}`);
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    system.revokedSessions.setCurrent(() => false);
    end('while away');
    expect((await whoami(bearer(await sign('while away')))).status).toBe(401);
    expect(await read('/health')).toMatchObject({
      status: 200,
      body: { status: 'degraded', behind: ['revoked sessions'] },
    });
    expect(await read('/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ready', behind: ['revoked sessions'] },
    });
    system.revokedSessions.setCurrent(() => true);
    expect((await read('/health')).body).not.toHaveProperty('behind');
  });
});

test('a token gets 503 until the keys have been fetched once', async () => {
  const other = await startSystem(testResolvers, { running: ['product'] });
  const authorization = `Bearer ${await signAccessToken(other.accessKey)}`;
  const ask = () => execute(other.gateway.url, '{ product(id: 1) { name } }', { authorization });
  const away = await ask();
  await other.start('user');
  const back = await ask();
  await other.close();
  expect([away.status, away.errors?.[0]?.extensions['code']]).toEqual([503, 'SERVICE_UNAVAILABLE']);
  expect(back.data).toEqual({ product: { name: 'Product 1' } });
});

test.each([
  '{ whoami }',
  '{ _service { sdl } }',
  '{ _entities(representations: [{ __typename: "User", id: "1" }]) { __typename } }',
])('a direct call to a subgraph is refused: %s', async (query) => {
  const token = await signAccessToken(system.accessKey);
  const answer = await execute(system.getUrl('user'), query, { ...bearer(token), 'x-internal-token': token });
  expect([answer.status, answer.data]).toEqual([401, undefined]);
});

test('the gateway publishes the public keys', async () => {
  const answer = await fetch(`${system.gateway.url}/.well-known/jwks.json`);
  expect(await answer.json()).toEqual({ keys: [system.accessKey.publicJwk] });
});

test('the clocks of subgraphs may differ from the gateway’s by five minutes', async () => {
  const apart = await startSystem(testResolvers, {
    clocksAheadMs: { user: 300_000, product: -300_000, order: 60_000 },
  });
  for (let n = 0; n < 2; n += 1) {
    const answer = await execute(apart.gateway.url, '{ whoami products { id } order(id: "1") { id } }');
    expect(answer.errors).toBeUndefined();
  }
  const proofs = apart.seen.filter(({ headers }) => clockExchange.proofHeader in headers);
  expect(proofs.map(({ subgraph }) => subgraph).sort()).toEqual(['order', 'product', 'user']);
  await apart.close();
});
