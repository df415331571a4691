import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from '@shop/process';
import { errors, jwtVerify, type JWK } from 'jose';
import { createSigningKey, signAccessToken, type SigningKey } from '../../test/keys.ts';
import { createTokenKeys, KeysUnavailableError, type TokenKeys } from './token-keys.ts';

let server: Server;
let fetches = 0;
let published: JWK[] = [];
let isUp = true;
let time = 0;
let keys: TokenKeys;
let old: SigningKey;

beforeEach(async () => {
  old = await createSigningKey('old');
  [fetches, published, isUp, time] = [0, [old.publicJwk], true, 1_000_000];
  server = createServer((_request, response) => {
    fetches += 1;
    response
      .writeHead(isUp ? 200 : 500, { 'content-type': 'application/json' })
      .end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  keys = createTokenKeys({
    fetchKeys: () => fetch(`http://127.0.0.1:${port}/`),
    logger: createLogger({ service: 'test', level: 'silent' }),
    now: () => time,
  });
});
afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const verify = async (key: SigningKey) => jwtVerify(await signAccessToken(key), keys.getKey);

/** Verifies tokens with unknown key ids, and returns the kinds of errors. */
async function flood(count: number): Promise<Set<unknown>> {
  const forged = await createSigningKey('forged');
  const tokens = await Promise.all(
    Array.from({ length: count }, (_, n) => signAccessToken(forged, {}, { kid: `made-up-${n}` })),
  );
  const half = tokens.splice(0, count / 2);
  const reasons = new Set<unknown>();
  const ask = (token: string) =>
    jwtVerify(token, keys.getKey).catch((error: unknown) => void reasons.add((error as Error).constructor));
  await Promise.all(half.map(ask));
  for (const token of tokens) await ask(token);
  return reasons;
}

test('a flood of unknown key ids costs one fetch in 30 s', async () => {
  await verify(old);
  expect(await flood(100)).toEqual(new Set([errors.JWKSNoMatchingKey]));
  expect(fetches).toBe(1);
  time += 29_999;
  await flood(100);
  expect(fetches).toBe(1);
  time += 1;
  await flood(100);
  expect(fetches).toBe(2);
});

test('a flood costs one fetch in 30 s while fetching fails, and known keys still verify tokens', async () => {
  await verify(old);
  isUp = false;
  time += 30_000;
  expect(await flood(100)).toEqual(new Set([KeysUnavailableError]));
  await expect(verify(old)).resolves.toBeDefined();
  expect(fetches).toBe(2);
});

test('a new key is fetched at once if the last fetch is 30 s ago, and concurrent callers share the fetch', async () => {
  await verify(old);
  const next = await createSigningKey('next');
  published = [old.publicJwk, next.publicJwk];
  await expect(verify(next)).rejects.toThrow(errors.JWKSNoMatchingKey);
  time += 30_000;
  await expect(Promise.all([verify(next), verify(next), verify(old)])).resolves.toHaveLength(3);
  expect(fetches).toBe(2);
});

test('a withdrawn key stops working within five minutes and one use', async () => {
  await verify(old);
  published = [(await createSigningKey('next')).publicJwk];
  time += 5 * 60_000;
  await verify(old);
  await keys.current();
  for (let tries = 0; fetches < 2 && tries < 100; tries += 1) await new Promise((resolve) => setImmediate(resolve));
  time += 1;
  await expect(
    (async () => {
      for (let tries = 0; tries < 100; tries += 1) await verify(old);
    })(),
  ).rejects.toThrow(errors.JWKSNoMatchingKey);
  expect(fetches).toBe(2);
});
