import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWK } from 'jose';
import { createInternalTokenSigner } from './internal-token-signer.ts';
import { ClockChallenge, createInternalTokenVerifier } from './internal-token-verifier.ts';
import type { Viewer } from './viewer.ts';

const second = 1_000;
const minute = 60 * second;
const ada: Viewer = { userId: 'ada', sessionId: null, scopes: new Set() };

let privateKey: CryptoKey;
let privateJwk: JWK;
let publicJwk: JWK;
beforeAll(async () => {
  const pair = await generateKeyPair('EdDSA', { extractable: true });
  privateKey = pair.privateKey;
  privateJwk = { ...(await exportJWK(pair.privateKey)), kid: 'k1', alg: 'EdDSA' };
  publicJwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'EdDSA' };
});

/** The true time in milliseconds. Only {@link pass} changes it. */
let trueMs: number;
beforeEach(() => (trueMs = Date.parse('2026-11-27T12:00:00Z')));
const pass = (ms: number): void => void (trueMs += ms);

let instances = 0;

/** A process of the gateway on a host whose clock is ahead of the true time. */
function startGateway(aheadMs: number) {
  const host = { aheadMs };
  const instance = `gateway-${++instances}`;
  const signer = createInternalTokenSigner({ privateJwk, instance, now: () => trueMs + host.aheadMs });
  return { host, signer };
}
type Gateway = ReturnType<typeof startGateway>;

/** A process of a subgraph on a host whose clock is ahead of the true time. `sleptMs` is how long its steady clock stood still. */
function startSubgraph(aheadMs = 0) {
  const host = { aheadMs, sleptMs: 0 };
  const startedMs = trueMs;
  const verify = createInternalTokenVerifier({
    jwks: { keys: [publicJwk as JWK & { kty: string }] },
    audience: 'order',
    steady: () => trueMs - startedMs - host.sleptMs,
    wall: () => trueMs + host.aheadMs,
  });
  return { host, verify };
}
type Subgraph = ReturnType<typeof startSubgraph>;

/** Calls a subgraph as the gateway does. Returns the token that was accepted, and the number of challenges. */
async function call({ signer }: Gateway, { verify }: Subgraph) {
  const challenges: string[] = [];
  let proof: string | undefined;
  for (;;) {
    const token = await signer.sign(ada, 'order');
    try {
      expect(await verify(token, proof)).toEqual(ada);
      return { token, proof, challenges: challenges.length };
    } catch (error) {
      if (!(error instanceof ClockChallenge) || challenges.length === 3) throw error;
      challenges.push(error.challenge);
      proof = await signer.proveClock('order', challenges);
    }
  }
}

/** Presents a captured token. */
async function isAccepted({ verify }: Subgraph, token: string, proof?: string): Promise<boolean> {
  return verify(token, proof).then(
    () => true,
    () => false,
  );
}

const differences = [-10 * minute, -5 * minute, -minute, 0, minute, 5 * minute, 10 * minute];

describe.each(differences)('a gateway whose clock is %d ms ahead', (aheadMs) => {
  test('proves its time once, and then calls without challenges', async () => {
    const [gateway, subgraph] = [startGateway(aheadMs), startSubgraph()];
    expect(await call(gateway, subgraph)).toMatchObject({ challenges: 1 });
    for (let n = 0; n < 20; n += 1) {
      pass(17 * second);
      expect(await call(gateway, subgraph)).toMatchObject({ challenges: 0 });
    }
  });

  test('has tokens that expire by true time, also those that were never seen before', async () => {
    const [gateway, subgraph] = [startGateway(aheadMs), startSubgraph()];
    const { token: seen } = await call(gateway, subgraph);
    const unseen = await gateway.signer.sign({ ...ada, sessionId: 'other' }, 'order');
    pass(55 * second);
    expect([await isAccepted(subgraph, seen), await isAccepted(subgraph, unseen)]).toEqual([true, true]);
    pass(11 * second);
    expect([await isAccepted(subgraph, seen), await isAccepted(subgraph, unseen)]).toEqual([false, false]);
  });

  test('has old tokens that a restarted subgraph refuses before and after other traffic', async () => {
    const gateway = startGateway(aheadMs);
    const { token: oldToken } = await call(gateway, startSubgraph());
    for (const age of [1, second, minute, 4 * minute, 6 * minute, 11 * minute]) {
      pass(age);
      const restarted = startSubgraph();
      expect(await isAccepted(restarted, oldToken)).toBe(false);
      await call(gateway, restarted);
      expect(await isAccepted(restarted, oldToken)).toBe(false);
    }
  });
});

test('a proof for one process of a subgraph proves nothing to another', async () => {
  const [gateway, subgraph] = [startGateway(4 * minute), startSubgraph()];
  await expect(subgraph.verify(await gateway.signer.sign(ada, 'order'))).rejects.toThrow(ClockChallenge);
  const { token, proof } = await call(gateway, startSubgraph());
  expect(await isAccepted(subgraph, token, proof)).toBe(false);
});

test('a repeated proof moves the estimate neither back nor forth', async () => {
  const [gateway, subgraph] = [startGateway(0), startSubgraph()];
  const { token, proof } = await call(gateway, subgraph);
  for (const wait of [4 * second, 20 * second, 30 * second]) {
    pass(wait);
    expect(await isAccepted(subgraph, token, proof)).toBe(true);
  }
  pass(12 * second); // 66 seconds
  expect(await isAccepted(subgraph, token, proof)).toBe(false);
});

test.each([4 * second, 30 * second])('delaying a challenge by %d ms makes no token younger', async (delayMs) => {
  const [gateway, subgraph] = [startGateway(0), startSubgraph()];
  const early = await gateway.signer.sign(ada, 'order');
  const { challenge } = await subgraph.verify(early).then(
    () => {
      throw new Error('accepted');
    },
    (error: ClockChallenge) => error,
  );
  pass(delayMs);
  const proof = await gateway.signer.proveClock('order', [challenge]);
  const token = await gateway.signer.sign(ada, 'order');
  expect(await isAccepted(subgraph, token, proof)).toBe(delayMs <= 5 * second);
  expect(await isAccepted(subgraph, early, proof)).toBe(false);
  pass(66 * second);
  expect(await isAccepted(subgraph, token)).toBe(false);
});

test('after the host of a gateway slept, new tokens are accepted and those from before are not', async () => {
  const [gateway, subgraph] = [startGateway(0), startSubgraph()];
  const { token } = await call(gateway, subgraph);
  const unseen = await gateway.signer.sign({ ...ada, sessionId: 'other' }, 'order');
  pass(10 * minute + second);
  gateway.host.aheadMs = -10 * minute; // its steady clock stood still, so that its old tokens look new to itself
  expect(await call(gateway, subgraph)).toMatchObject({ challenges: 1 });
  expect([await isAccepted(subgraph, token), await isAccepted(subgraph, unseen)]).toEqual([false, false]);
  // Nor does a subgraph that starts now accept them.
  const restarted = startSubgraph();
  await call(gateway, restarted);
  expect([await isAccepted(restarted, token), await isAccepted(restarted, unseen)]).toEqual([false, false]);
});

test('after the host of a subgraph slept, tokens from before are refused', async () => {
  const [gateway, subgraph] = [startGateway(2 * minute), startSubgraph()];
  const { token } = await call(gateway, subgraph);
  const unseen = await gateway.signer.sign({ ...ada, sessionId: 'other' }, 'order');
  pass(10 * minute);
  subgraph.host.sleptMs = 10 * minute;
  expect([await isAccepted(subgraph, token), await isAccepted(subgraph, unseen)]).toEqual([false, false]);
  expect(await call(gateway, subgraph)).toMatchObject({ challenges: 1 });
  expect([await isAccepted(subgraph, token), await isAccepted(subgraph, unseen)]).toEqual([false, false]);
});

test.each([-4 * minute, 4 * minute])('a step of %d ms of a subgraph’s clock costs one challenge', async (step) => {
  const [gateway, subgraph] = [startGateway(minute), startSubgraph()];
  const { token } = await call(gateway, subgraph);
  pass(40 * second);
  subgraph.host.aheadMs = step;
  expect(await isAccepted(subgraph, token)).toBe(false); // it is judged again, and is older than any proof
  expect(await call(gateway, subgraph)).toMatchObject({ challenges: 1 });
  pass(second);
  expect(await call(gateway, subgraph)).toMatchObject({ challenges: 0 });
});

test('a gateway that drifts proves its time again, and its older tokens keep their age', async () => {
  const [gateway, subgraph] = [startGateway(0), startSubgraph()];
  await call(gateway, subgraph);
  for (const drift of [20 * second, -20 * second, 90 * second, 0]) {
    const { token } = await call(gateway, subgraph);
    gateway.host.aheadMs = drift;
    pass(31 * second);
    await call(gateway, subgraph);
    pass(36 * second);
    expect(await isAccepted(subgraph, token)).toBe(false);
  }
});

test('replicas of the gateway with different clocks do not disturb each other', async () => {
  const subgraph = startSubgraph();
  const [slow, fast] = [startGateway(-4 * minute), startGateway(4 * minute)];
  const { token } = await call(slow, subgraph);
  expect(await call(fast, subgraph)).toMatchObject({ challenges: 1 });
  for (let n = 0; n < 5; n += 1) {
    pass(20 * second);
    expect(await call(slow, subgraph)).toMatchObject({ challenges: 0 });
    expect(await call(fast, subgraph)).toMatchObject({ challenges: 0 });
  }
  expect(await isAccepted(subgraph, token)).toBe(false);
});

test('a gateway that restarts with a clock that was set back does not revive its old tokens', async () => {
  const subgraph = startSubgraph();
  const before = startGateway(4 * minute);
  const { token } = await call(before, subgraph);
  pass(2 * minute);
  const after = startGateway(2 * minute);
  await call(after, subgraph);
  expect(await isAccepted(subgraph, token)).toBe(false);
  pass(2 * minute);
  expect(await isAccepted(subgraph, token)).toBe(false);
});

test('a token without an instance is judged by the clock of the subgraph', async () => {
  const own = createInternalTokenSigner({ privateJwk, now: () => trueMs });
  const token = await own.sign(ada, 'order');
  expect(await isAccepted(startSubgraph(4 * second), token)).toBe(true);
  expect(await isAccepted(startSubgraph(70 * second), token)).toBe(false);
  expect(await isAccepted(startSubgraph(-70 * second), token)).toBe(false);
});

describe('only a gateway gets a challenge:', () => {
  const claims = () => ({ iss: 'gateway', aud: 'order', instance: 'x', iat: trueMs / 1000, exp: trueMs / 1000 + 60 });
  const sign = (more: object, typ = 'internal+jwt', key = privateKey) =>
    new SignJWT({ ...claims(), ...more }).setProtectedHeader({ alg: 'EdDSA', typ, kid: 'k1' }).sign(key);

  test.each<[string, () => Promise<string>]>([
    ['a token without a signature', async () => new UnsecuredJWT(claims()).encode()],
    ['a token for another subgraph', () => sign({ aud: 'product' })],
    ['a token of another issuer', () => sign({ iss: 'somebody' })],
    ['a token of another type', () => sign({}, 'at+jwt')],
    ['a token of another key', async () => sign({}, undefined, (await generateKeyPair('EdDSA')).privateKey)],
    ['a token without an expiry', () => sign({ exp: undefined })],
    ['a proof as a token', () => startGateway(0).signer.proveClock('order', [])],
  ])('%s is refused without one', async (_title, forge) => {
    const error = await startSubgraph()
      .verify(await forge())
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(ClockChallenge);
  });

  test.each<[string, (challenge: string) => Promise<string>]>([
    ['a proof for another subgraph', (challenge) => startGateway(0).signer.proveClock('product', [challenge])],
    [
      'a proof of another key',
      async (challenge) =>
        sign({ challenges: [challenge] }, 'internal-clock+jwt', (await generateKeyPair('EdDSA')).privateKey),
    ],
    ['a token as a proof', (challenge) => sign({ challenges: [challenge] })],
    [
      'a proof of no instance',
      (challenge) => sign({ challenges: [challenge], instance: undefined }, 'internal-clock+jwt'),
    ],
  ])('%s is refused', async (_title, forge) => {
    const subgraph = startSubgraph();
    const gateway = startGateway(0);
    const { challenge } = await subgraph.verify(await gateway.signer.sign(ada, 'order')).then(
      () => {
        throw new Error('accepted');
      },
      (error: ClockChallenge) => error,
    );
    const proof = await forge(challenge);
    expect(await isAccepted(subgraph, await gateway.signer.sign(ada, 'order'), proof)).toBe(false);
  });

  test('a made-up challenge proves nothing', async () => {
    const subgraph = startSubgraph();
    const { signer } = startGateway(0);
    const proof = await signer.proveClock('order', ['0.000|', `0.000|${'A'.repeat(43)}`, '', '|']);
    expect(await isAccepted(subgraph, await signer.sign(ada, 'order'), proof)).toBe(false);
  });
});
