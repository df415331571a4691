import { createPasswordHasher, HasherBusyError, type PasswordHasher } from './password-hasher.ts';

const password = 'correct horse battery staple';

describe('the password hasher', () => {
  let hasher: PasswordHasher;
  beforeAll(async () => {
    hasher = await createPasswordHasher({ concurrency: 1, queue: 2 });
  });

  test('verifies its own hashes, which have OWASP’s parameters', async () => {
    const hash = await hasher.hash(password);
    const [, algorithm, version, parameters = ''] = hash.split('$');
    expect([algorithm, version, parameters.split(',').sort()]).toEqual(['argon2id', 'v=19', ['m=19456', 'p=1', 't=2']]);
    expect(hasher.needsRehash(hash)).toBe(false);
    expect(hasher.needsRehash(hash.replace('t=2', 't=1'))).toBe(true);
    await expect(hasher.verify(hash, password)).resolves.toBe(true);
    await expect(hasher.verify(hash, `${password}!`)).resolves.toBe(false);
  });

  test('never accepts a password for an unknown account, not even that of the dummy hash', async () => {
    await expect(hasher.verify(null, 'the password of nobody')).resolves.toBe(false);
  });

  test('rejects hashes that exceed its queue, and continues', async () => {
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => hasher.hash(password)));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.map(({ reason }) => reason)).toEqual([expect.any(HasherBusyError), expect.any(HasherBusyError)]);
    await expect(hasher.hash(password)).resolves.toBeDefined();
  });
});
