import { ConfigError } from '@shop/process';
import { readConfig } from './config.ts';

const key = JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'x', d: 'd', kid: 'k1' });

test('subgraphs are on loopback by default', () => {
  const config = readConfig({ INTERNAL_TOKEN_KEY: key, PRODUCT_PORT: '5002', ORDER_URL: 'http://order:4003' });
  expect(config.subgraphUrls).toEqual({
    user: 'http://127.0.0.1:4001',
    product: 'http://127.0.0.1:5002',
    order: 'http://order:4003',
  });
  expect(config).toMatchObject({ port: 4000, isProduction: false, subgraphTimeoutMs: 5_000 });
});

test('reasons of errors are exposed on demand, and never in production', () => {
  const read = (env: NodeJS.ProcessEnv) => readConfig({ INTERNAL_TOKEN_KEY: key, ...env });
  expect(read({}).exposeErrors).toBe(false);
  expect(read({ EXPOSE_ERRORS: 'true' }).exposeErrors).toBe(true);
  expect(read({ NODE_ENV: 'production', EXPOSE_ERRORS: 'false' }).exposeErrors).toBe(false);
  expect(() => read({ NODE_ENV: 'production', EXPOSE_ERRORS: 'true' })).toThrow(
    'EXPOSE_ERRORS=true is not allowed where NODE_ENV=production: clients would see stack traces. Unset EXPOSE_ERRORS.',
  );
});

test('limits have defaults, and can be set', () => {
  const config = readConfig({ INTERNAL_TOKEN_KEY: key, MAX_DEPTH: '9', MAX_COST: '500' });
  expect(config.limits).toEqual({ maxDepth: 9, maxSelections: 1_000, maxAliases: 100, maxCost: 500 });
  expect(() => readConfig({ INTERNAL_TOKEN_KEY: key, MAX_SELECTIONS: 'many' })).toThrow(ConfigError);
});

test('persisted operations need at least one manifest', () => {
  const read = (mode: string, files: string) =>
    readConfig({ INTERNAL_TOKEN_KEY: key, PERSISTED_OPERATIONS: mode, PERSISTED_OPERATIONS_FILE: files });
  expect(read('', '').persistedOperations).toEqual({ mode: 'off', files: [] });
  expect(read('log', 'a.json, b.json,').persistedOperations).toEqual({ mode: 'log', files: ['a.json', 'b.json'] });
  expect(() => read('enforce', ' , ')).toThrow(
    'PERSISTED_OPERATIONS_FILE is missing: PERSISTED_OPERATIONS=enforce needs a manifest',
  );
  expect(() => read('strict', 'a.json')).toThrow(ConfigError);
});

test('the key that signs internal tokens is required', () => {
  expect(() => readConfig({})).toThrow(ConfigError);
});
