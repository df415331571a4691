import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readConfig } from './config.ts';

const jwk = (kid: string) => ({ ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }), kid });
const { d: _private, ...publicJwk } = jwk('gateway');
const env = {
  USER_DATABASE_URL: 'postgres://user@127.0.0.1/user',
  NATS_URL: 'nats://127.0.0.1:4222',
  INTERNAL_TOKEN_JWKS: JSON.stringify({ keys: [publicJwk] }),
  ACCESS_TOKEN_KEY: JSON.stringify(jwk('one')),
  FORMER_ADDRESS_KEY: randomBytes(32).toString('base64url'),
};

test('limits are attempts per seconds, with defaults', () => {
  expect(readConfig(env).throttle).toMatchObject({
    accountFromAddress: { points: 10, seconds: 300 },
    address: { points: 50, seconds: 300 },
  });
  expect(readConfig({ ...env, THROTTLE_ADDRESS: '7/60' }).throttle.address).toEqual({ points: 7, seconds: 60 });
});

test.each(['0/60', '5', '5/0', '5/x', '-5/60', '5/60/7', ' 5/60'])('%j is not a valid limit', (text) => {
  expect(() => readConfig({ ...env, THROTTLE_ADDRESS: text })).toThrow('THROTTLE_ADDRESS');
});

test('the key of former addresses has 32 bytes, and no message quotes it', () => {
  expect(readConfig(env).formerAddressKey).toHaveLength(32);
  for (const wrong of [
    '',
    'too short to be a key',
    `${env.FORMER_ADDRESS_KEY}A`,
    `${env.FORMER_ADDRESS_KEY.slice(1)}=`,
  ]) {
    const read = () => readConfig({ ...env, FORMER_ADDRESS_KEY: wrong });
    expect(read).toThrow('FORMER_ADDRESS_KEY');
    if (wrong !== '') expect(read).not.toThrow(wrong);
  }
});

test('the key file takes precedence over the list, and the list over the single key', () => {
  const list = { ...env, ACCESS_TOKEN_KEYS: JSON.stringify([jwk('one'), jwk('two')]) };
  expect(readConfig(env).accessTokenKeys).toMatchObject({ variable: 'ACCESS_TOKEN_KEY' });
  expect(readConfig(list).accessTokenKeys).toMatchObject({ variable: 'ACCESS_TOKEN_KEYS' });
  expect(readConfig({ ...list, ACCESS_TOKEN_KEYS_FILE: '/run/keys.json' }).accessTokenKeys).toEqual({
    file: '/run/keys.json',
  });
});

test('missing or unusable keys prevent the start, and the message contains no key', () => {
  expect(() => readConfig({ ...env, ACCESS_TOKEN_KEY: '' })).toThrow('ACCESS_TOKEN_KEY is missing');
  const secret = jwk('one');
  for (const wrong of [
    { ...secret, kid: undefined },
    { ...secret, d: undefined },
    { ...secret, crv: 'X25519' },
    [secret, secret],
    [],
  ]) {
    const read = () => readConfig({ ...env, ACCESS_TOKEN_KEYS: JSON.stringify(wrong) });
    expect(read).toThrow('ACCESS_TOKEN_KEYS');
    expect(read).not.toThrow(secret.d);
  }
});
