import { errors, importJWK, type CryptoKey } from 'jose';
import { createSigningKey, signAccessToken, type SigningKey } from '../../test/keys.ts';
import { createAccessTokenVerifier } from './access-token-verifier.ts';

const minute = 60_000;
const issued = Math.floor(Date.now() / 1_000);

let time: number;
let key: SigningKey;
let other: SigningKey;
/** The keys of the last fetch. `asked` counts the requests for a key. */
let keys: {
  fetches: number;
  dueAt: number;
  published: SigningKey[];
  asked: number;
  getKey(header: { kid?: string }): Promise<CryptoKey>;
};

beforeEach(async () => {
  time = issued * 1_000;
  [key, other] = await Promise.all([createSigningKey('k1'), createSigningKey('k2')]);
  keys = {
    fetches: 1,
    dueAt: time + 5 * minute,
    published: [key, other],
    asked: 0,
    async getKey({ kid }) {
      keys.asked += 1;
      const found = keys.published.find(({ publicJwk }) => publicJwk.kid === kid);
      if (found === undefined) throw new errors.JWKSNoMatchingKey();
      return (await importJWK(found.publicJwk, 'EdDSA')) as CryptoKey;
    },
  };
});

const verifier = (options: { maxCached?: number } = {}) =>
  createAccessTokenVerifier({
    keys,
    issuer: 'federated-commerce',
    audience: 'federated-commerce-api',
    now: () => time,
    ...options,
  });
const sign = (claims: Record<string, unknown> = {}, signer = key) =>
  signAccessToken(signer, { iat: issued, exp: issued + 900, ...claims });

/** Replaces the keys as `npm run keys -- replace` does, and fetches them again. */
function fetchWithout(withdrawn: SigningKey): void {
  keys.published = keys.published.filter((published) => published !== withdrawn);
  keys.fetches += 1;
  keys.dueAt = time + 5 * minute;
}

test('a token is verified once, and returns the viewer that it was signed for', async () => {
  const verify = verifier();
  const [one, two] = [await sign({ sub: 'u1', scope: 'order:read' }), await sign({ sub: 'u2', scope: '' })];
  for (let use = 0; use < 3; use += 1) {
    await expect(verify(one)).resolves.toMatchObject({
      viewer: { userId: 'u1', sessionId: 's1', scopes: new Set(['order:read']) },
    });
    await expect(verify(two)).resolves.toMatchObject({ viewer: { userId: 'u2', sessionId: 's1', scopes: new Set() } });
  }
  expect(keys.asked).toBe(2);
});

test('a verified token is rejected once it expires', async () => {
  const verify = verifier();
  const token = await sign({ exp: issued + 60 });
  await verify(token);
  time += minute - 1;
  await expect(verify(token)).resolves.toBeDefined();
  time += 1;
  await expect(verify(token)).rejects.toThrow(errors.JWTExpired);
});

test('tokens of a withdrawn key are rejected after the next fetch of the keys', async () => {
  const verify = verifier();
  const [withdrawn, kept] = [await sign(), await sign({}, other)];
  await Promise.all([verify(withdrawn), verify(kept)]);
  fetchWithout(key);
  await expect(verify(withdrawn)).rejects.toThrow(errors.JWKSNoMatchingKey);
  await expect(verify(kept)).resolves.toBeDefined();
});

test('keys are fetched when they are due, even if every token was verified before', async () => {
  const verify = verifier();
  const token = await sign();
  time += 4 * minute;
  await verify(token);
  time += minute;
  await verify(token);
  expect(keys.asked).toBe(2);
});

test('a token that is verified during a fetch of the keys is not remembered', async () => {
  const verify = verifier();
  const [token, kept] = [await sign(), await sign({}, other)];
  const { getKey } = keys;
  keys.getKey = async (header) => {
    const found = await getKey(header);
    keys.getKey = getKey;
    fetchWithout(key);
    await verify(kept);
    return found;
  };
  await verify(token);
  await expect(verify(token)).rejects.toThrow(errors.JWKSNoMatchingKey);
});

test('rejections are not remembered, and the number of remembered tokens is limited', async () => {
  const verify = verifier({ maxCached: 2 });
  const forged = await signAccessToken(await createSigningKey('k1'), { iat: issued, exp: issued + 900 });
  const tokens = await Promise.all(['u1', 'u2', 'u3'].map((sub) => sign({ sub })));
  for (const token of tokens) await verify(token);
  await expect(verify(forged)).rejects.toThrow(errors.JWSSignatureVerificationFailed);
  await expect(verify(forged)).rejects.toThrow(errors.JWSSignatureVerificationFailed);
  expect(keys.asked).toBe(5);
  for (const token of tokens.slice(1)) await verify(token);
  expect(keys.asked).toBe(5);
  await verify(tokens[0] ?? '');
  expect(keys.asked).toBe(6);
});
