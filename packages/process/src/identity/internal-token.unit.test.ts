import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  SignJWT,
  UnsecuredJWT,
  type CryptoKey,
  type JWK,
  type JWTPayload,
} from 'jose';
import { createInternalTokenSigner } from './internal-token-signer.ts';
import { createInternalTokenVerifier, type VerifyInternalToken } from './internal-token-verifier.ts';
import { anonymous, type Viewer } from './viewer.ts';

const viewer: Viewer = { userId: 'u1', sessionId: 's1', scopes: new Set(['user:read', 'order:read']) };

let privateKey: CryptoKey;
let privateJwk: JWK;
let publicJwk: JWK;
let verify: VerifyInternalToken;

beforeAll(async () => {
  const pair = await generateKeyPair('EdDSA', { extractable: true });
  privateKey = pair.privateKey;
  privateJwk = { ...(await exportJWK(pair.privateKey)), kid: 'k1', alg: 'EdDSA' };
  publicJwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'EdDSA' };
  verify = createInternalTokenVerifier({ jwks: { keys: [publicJwk] }, audience: 'order' });
});

const now = () => Math.floor(Date.now() / 1000);
const good = (): JWTPayload => ({ iss: 'gateway', aud: 'order', sub: 'u1', iat: now(), exp: now() + 60 });
const header = { alg: 'EdDSA', typ: 'internal+jwt', kid: 'k1' };

describe('an internal token', () => {
  test('carries the viewer from signer to verifier', async () => {
    const signer = createInternalTokenSigner({ privateJwk });
    await expect(verify(await signer.sign(viewer, 'order'))).resolves.toEqual(viewer);
    await expect(verify(await signer.sign(anonymous, 'order'))).resolves.toEqual(anonymous);
  });

  test('is used again for the same viewer and audience only', async () => {
    const signer = createInternalTokenSigner({ privateJwk });
    const first = await signer.sign(viewer, 'order');
    expect(await signer.sign({ ...viewer, scopes: new Set(['order:read', 'user:read']) }, 'order')).toBe(first);
    expect(await signer.sign(viewer, 'product')).not.toBe(first);
    expect(await signer.sign({ ...viewer, userId: 'u2' }, 'order')).not.toBe(first);
    expect(await signer.sign({ ...viewer, scopes: new Set() }, 'order')).not.toBe(first);
  });

  test('is accepted when signed by hand, so that each rejection below has one reason', async () => {
    await expect(verify(await new SignJWT(good()).setProtectedHeader(header).sign(privateKey))).resolves.toMatchObject({
      userId: 'u1',
    });
  });

  const forgeries: [string, () => Promise<string>][] = [
    ['of algorithm none', async () => new UnsecuredJWT(good()).encode()],
    [
      'of HS256 with the public key as its secret',
      () =>
        new SignJWT(good())
          .setProtectedHeader({ ...header, alg: 'HS256' })
          .sign(Buffer.from(String(publicJwk.x), 'base64url')),
    ],
    ['for another audience', () => signed({ aud: 'product' })],
    ['of another issuer', () => signed({ iss: 'somebody' })],
    ['of another type', () => signed({}, { typ: 'at+jwt' })],
    ['without a type', () => signed({}, { typ: undefined })],
    ['that has expired', () => signed({ iat: now() - 120, exp: now() - 60 })],
    ['that never expires', () => signed({ exp: undefined })],
    ['that lives too long', () => signed({ iat: now() - 3600, exp: now() + 3600 })],
    ['issued in the future', () => signed({ iat: now() + 600, exp: now() + 660 })],
    ['that lives a second too long', () => signed({ iat: now(), exp: now() + 121 })],
    ['whose subject is an object', () => signed({ sub: { id: 'u1' } as never })],
    ['whose subject is a list', () => signed({ sub: ['u1'] as never })],
    ['whose subject is empty', () => signed({ sub: '' })],
    ['whose subject is null', () => signed({ sub: null as never })],
    ['whose session is a number', () => signed({ sid: 1 })],
    ['whose scopes are a list', () => signed({ scope: ['order:read'] })],
    ['whose instance is an object', () => signed({ instance: {} })],
    ['whose time of issue is a text', () => signed({ iat: String(now()) as never })],
    ['whose expiry is a text', () => signed({ exp: String(now() + 60) as never })],
    ['that is not valid yet', () => signed({ nbf: now() + 600 })],
    ['of an unknown kid', () => signed({}, { kid: 'k2' })],
    [
      'with a critical extension that is not understood',
      () =>
        new SignJWT(good())
          .setProtectedHeader({ ...header, crit: ['extra'], extra: 1 })
          .sign(privateKey, { crit: { extra: true } }),
    ],
    [
      'that brings its own key',
      async () => {
        const other = await generateKeyPair('EdDSA', { extractable: true });
        const jwk = await exportJWK(other.publicKey);
        return new SignJWT(good()).setProtectedHeader({ ...header, jwk }).sign(other.privateKey);
      },
    ],
    [
      'that says where its key is',
      async () => {
        const other = await generateKeyPair('EdDSA');
        return new SignJWT(good())
          .setProtectedHeader({ ...header, jku: 'http://127.0.0.1:1/', x5u: 'http://127.0.0.1:1/', x5c: ['MIIB'] })
          .sign(other.privateKey);
      },
    ],
    [
      'of HS256 with the public key in PEM as its secret',
      async () => {
        const pem = await exportSPKI((await importJWK(publicJwk, 'EdDSA', { extractable: true })) as CryptoKey);
        return new SignJWT(good()).setProtectedHeader({ ...header, alg: 'HS256' }).sign(Buffer.from(pem));
      },
    ],
    [
      'that is an access token, though signed with this key',
      () => signed({ iss: 'federated-commerce', aud: 'federated-commerce-api', sub: 'u1' }, { typ: 'at+jwt' }),
    ],
    ['for no audience', () => signed({ aud: undefined })],
    [
      'with a changed payload',
      async () =>
        (await signed({})).replace(/\.[^.]+\./, `.${Buffer.from(JSON.stringify(good())).toString('base64url')}x.`),
    ],
    ['that is not a token', async () => 'x'],
  ];

  function signed(claims: Record<string, unknown>, protectedHeader: Record<string, unknown> = {}): Promise<string> {
    return new SignJWT({ ...good(), ...claims } as JWTPayload)
      .setProtectedHeader({ ...header, ...protectedHeader })
      .sign(privateKey);
  }

  test.each(forgeries)('%s is rejected', async (_name, forge) => {
    const token = await forge();
    await expect(verify(token)).rejects.toThrow();
    // A rejection is not cached.
    await expect(verify(token)).rejects.toThrow();
  });

  test('that was verified before is not accepted for longer than a token may live', async () => {
    let wall = Date.now();
    let steady = 0;
    const verifyAt = createInternalTokenVerifier({
      jwks: { keys: [publicJwk] },
      audience: 'order',
      wall: () => wall,
      steady: () => steady,
    });
    const iat = Math.floor(wall / 1000);
    const sign = (exp: number) => new SignJWT({ ...good(), iat, exp }).setProtectedHeader(header).sign(privateKey);
    await expect(verifyAt(await sign(iat + 3_600))).rejects.toThrow('lives 3600 seconds');
    const longest = await sign(iat + 120);
    await expect(verifyAt(longest)).resolves.toMatchObject({ userId: 'u1' });
    wall += 126_000;
    steady += 126_000;
    await expect(verifyAt(longest)).rejects.toThrow();
  });

  test('that was verified before is rejected once it has expired', async () => {
    let ms = Date.now();
    const now = (): number => ms;
    const short = createInternalTokenSigner({ privateJwk, ttlSeconds: 1, now });
    const verifyAt = createInternalTokenVerifier({
      jwks: { keys: [publicJwk] },
      audience: 'order',
      steady: now,
      wall: now,
    });
    const token = await short.sign(viewer, 'order');
    await expect(verifyAt(token)).resolves.toEqual(viewer);
    ms += 10_000;
    await expect(verifyAt(token)).rejects.toThrow('"exp" claim timestamp check failed');
    expect(await short.sign(viewer, 'order')).not.toBe(token);
  });

  test('is cached by signer and verifier, up to the configured number', async () => {
    const signer = createInternalTokenSigner({ privateJwk, maxCached: 2 });
    const verify = createInternalTokenVerifier({ jwks: { keys: [publicJwk] }, audience: 'order', maxCached: 2 });
    const viewers = ['u1', 'u2', 'u3'].map((userId): Viewer => ({ ...viewer, userId }));
    // A cached viewer is the same object as before, and not only an equal one.
    const signed = viewers.map((one) => signer.sign(one, 'order'));
    const verified: Viewer[] = [];
    for (const token of signed) verified.push(await verify(await token));
    expect(signer.sign(viewers[2]!, 'order')).toBe(signed[2]);
    expect(signer.sign(viewers[1]!, 'order')).toBe(signed[1]);
    expect(signer.sign(viewers[0]!, 'order')).not.toBe(signed[0]);
    const again: Viewer[] = [];
    for (const token of [...signed].reverse()) again.push(await verify(await token));
    expect(again.map((one, index) => one === verified[2 - index])).toEqual([true, true, false]);
    expect(again.reverse()).toEqual(viewers);
  });
});
