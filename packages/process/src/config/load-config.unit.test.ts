import { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { fields } from './fields.ts';
import { loadConfig } from './load-config.ts';

const jwk = { kty: 'OKP', crv: 'Ed25519', x: 'abc', kid: 'k1' };

function mistakesOf(shape: z.ZodRawShape, env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadConfig('order', shape, env);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).mistakes;
  }
}

describe('loadConfig', () => {
  test('reads, converts and fills in defaults', () => {
    const config = loadConfig(
      'order',
      {
        PORT: fields.port(4003),
        TIMEOUT_MS: fields.integer(5_000, 1, 60_000),
        DATABASE_URL: fields.postgresUrl(),
        TRUST: fields.flag(false),
      },
      { PORT: '', TIMEOUT_MS: '250', DATABASE_URL: 'postgres://u:p@h/db', TRUST: 'true', OTHER: 'x' },
    );
    expect(config).toEqual({ PORT: 4003, TIMEOUT_MS: 250, DATABASE_URL: 'postgres://u:p@h/db', TRUST: true });
  });

  test('names every mistake at once, one line each', () => {
    const mistakes = mistakesOf(
      { PORT: fields.port(1), LOG_LEVEL: fields.logLevel(), NATS_URL: fields.natsUrl(), USER_URL: fields.httpUrl() },
      { PORT: '99999', LOG_LEVEL: 'loud', USER_URL: 'ftp://x' },
    );
    expect(mistakes).toEqual([
      'PORT: must be a port number up to 65535',
      expect.stringMatching(/^LOG_LEVEL: Invalid option/),
      'NATS_URL is missing',
      'USER_URL: must be a URL that starts with http:// or https://',
    ]);
  });

  test.each([
    ['a port', fields.port(1), 's3cret'],
    ['a URL', fields.postgresUrl(), 'mysql://root:s3cret@h/db'],
    ['a key', fields.privateJwk(), '{"kty":"OKP","d":"s3cret"}'],
    ['broken JSON', fields.privateJwk(), '{s3cret'],
    ['a level', fields.logLevel(), 's3cret'],
    ['a JWKS', fields.publicJwks(), JSON.stringify({ keys: [{ ...jwk, d: 's3cret' }] })],
    ['a literal', z.literal('a'), 's3cret'],
  ])('never quotes the value of %s', (_name, field, value) => {
    const mistakes = mistakesOf({ VALUE: field }, { VALUE: value });
    expect(mistakes).toHaveLength(1);
    expect(mistakes.join()).not.toContain('s3cret');
  });

  test.each([
    ['10.0.0.0/8, ::1,loopback', true],
    ['10.0.0.1/33', false],
    ['everywhere', false],
    ['10.0.0.1/8/8', false],
  ])('networks: %s', (value, isValid) => {
    expect(mistakesOf({ TRUST_PROXY: fields.networks() }, { TRUST_PROXY: value })).toHaveLength(isValid ? 0 : 1);
  });

  test('accepts keys', () => {
    const env = { KEY: JSON.stringify({ ...jwk, d: 'def' }), JWKS: JSON.stringify({ keys: [jwk] }) };
    const config = loadConfig('user', { KEY: fields.privateJwk(), JWKS: fields.publicJwks() }, env);
    expect(config.KEY).toMatchObject({ kid: 'k1', d: 'def' });
    expect(config.JWKS.keys).toEqual([jwk]);
  });
});
