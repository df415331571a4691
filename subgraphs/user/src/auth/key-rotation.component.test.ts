import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { replaceAccessTokenKeys, rotateAccessTokenKeys } from '@shop/stack';
import { createLogger } from '@shop/process';
import { uuidv7 } from '@shop/subgraph';
import { eventually, temporaryDirectory, type TemporaryDirectory } from '@shop/testing';
import { createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { watchAccessTokenKeys, type AccessTokenKeyFile } from './access-token-key-file.ts';
import { createAccessTokens, type AccessTokens } from './access-tokens.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
let directory: TemporaryDirectory;
let file: string;
let keys: AccessTokenKeyFile;
let tokens: AccessTokens;
let stopServer: () => void;
let jwksUrl: URL;

beforeEach(async () => {
  directory = await temporaryDirectory();
  file = path.join(directory.path, 'keys.json');
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  await writeFile(file, JSON.stringify({ ...(await exportJWK(privateKey)), kid: 'first' }), { mode: 0o600 });
  keys = await watchAccessTokenKeys({ file, logger, everyMs: 20 });
  tokens = createAccessTokens({ keys: keys.current, issuer: 'issuer', audience: 'audience' });
  const server = createServer((_request, response) => response.end(JSON.stringify(tokens.jwks)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  jwksUrl = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  stopServer = () => server.close();
});
afterEach(async () => {
  keys.stop();
  stopServer();
  await directory.remove();
});

/** Caches the keys as a gateway does. An unknown key id causes a fetch at most once per `cooldownMs`. */
const verifier = (cooldownMs: number) => {
  const set = createRemoteJWKSet(jwksUrl, { cooldownDuration: cooldownMs, cacheMaxAge: Infinity });
  return async (token: string) =>
    (await jwtVerify(token, set, { issuer: 'issuer', audience: 'audience' })).protectedHeader.kid;
};
const issue = async () =>
  (await tokens.issue({ userId: uuidv7(), sessionId: uuidv7(), role: 'CUSTOMER' }, new Date())).token;
const shown = () => tokens.jwks.keys.map(({ kid }) => kid);

test('a rotation invalidates no token, and drops the old key at its end', async () => {
  const verify = verifier(1_000);
  const early = await issue();
  expect(await verify(early)).toBe('first');

  const [next] = await rotateAccessTokenKeys(file, { announced: 3, kept: 2 });
  const used = new Set<string | undefined>();
  await eventually(async () => {
    // Record every failure, since eventually() would retry.
    used.add(await verify(await issue()).catch((error: Error) => `failed: ${error.message}`));
    expect(used).toContain(next?.kid);
  });
  expect(used).toEqual(new Set(['first', next?.kid]));
  expect(await verifier(1_000)(early)).toBe('first');
  expect(shown()).toEqual([next?.kid, 'first']);
  await eventually(() => expect(shown()).toEqual([next?.kid]));
  expect(tokens.jwks.keys).toEqual([expect.not.objectContaining({ d: expect.anything() })]);
});

test('the check of rotations fails when a key signs without being published first', async () => {
  const verify = verifier(60_000);
  expect(await verify(await issue())).toBe('first');
  await rotateAccessTokenKeys(file, { announced: 0, kept: 60 });
  await eventually(() => expect(shown()).toHaveLength(2));
  await expect(verify(await issue())).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
});

test('a replacement invalidates earlier tokens', async () => {
  const early = await issue();
  const [only] = await replaceAccessTokenKeys(file);
  await eventually(() => expect(shown()).toEqual([only?.kid]));
  await expect(verifier(0)(early)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  expect(await verifier(0)(await issue())).toBe(only?.kid);
});

test('only the owner can read the file, and concurrent changes are rejected', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => rotateAccessTokenKeys(file)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(file, 'utf8'))).toHaveLength(2);
});

test('a file that becomes unreadable changes no key, and is logged without its content', async () => {
  const lines: string[] = [];
  const recording = {
    ...logger,
    info: () => {},
    error: (fields: object, text: string) => lines.push(`${text} ${String((fields as { err: Error }).err)}`),
  };
  const watched = await watchAccessTokenKeys({ file, logger: recording as unknown as typeof logger, everyMs: 10 });
  await writeFile(file, '[{"kty":"OKP","crv":"Ed25519","x":"x","d":"a secret"');
  await eventually(() => expect(lines).toHaveLength(1));
  expect(lines[0]).not.toContain('a secret');
  expect(watched.current().map(({ kid }) => kid)).toEqual(['first']);
  await rotateAccessTokenKeys(file).catch((error: Error) => expect(error.message).not.toContain('a secret'));
  watched.stop();
});
