import { ConfigError } from '@shop/process';
import { readConfig } from './config.ts';

const key = JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'x', d: 'd', kid: 'k1' });
const required = { INTERNAL_TOKEN_KEY: key, NATS_URL: 'nats://127.0.0.1:4222' };

test('subgraphs are on loopback by default, and may have several URLs', () => {
  const config = readConfig({
    ...required,
    PRODUCT_PORT: '5002',
    ORDER_URL: 'http://order-1:4003, http://order-2:4003',
  });
  expect(config.subgraphUrls).toEqual({
    user: ['http://127.0.0.1:4001'],
    product: ['http://127.0.0.1:5002'],
    order: ['http://order-1:4003', 'http://order-2:4003'],
    task: ['http://127.0.0.1:4004'],
    notification: ['http://127.0.0.1:4005'],
  });
  expect(() => readConfig({ ...required, ORDER_URL: 'http://order-1:4003,order-2:4003' })).toThrow(ConfigError);
  expect(config).toMatchObject({ port: 4000, isProduction: false, subgraphTimeoutMs: 5_000 });
});

test('the pages for links in messages belong to the shop when there is one', () => {
  expect(readConfig(required).hasAccountPages).toBe(true);
  expect(readConfig({ ...required, SHOP_URL: 'https://shop.example' }).hasAccountPages).toBe(false);
  expect(() => readConfig({ ...required, SHOP_URL: 'shop.example' })).toThrow('SHOP_URL: must be a URL');
});

test('reasons of errors are exposed on demand, and never in production', () => {
  const read = (env: NodeJS.ProcessEnv) => readConfig({ ...required, ...env });
  expect(read({}).exposeErrors).toBe(false);
  expect(read({ EXPOSE_ERRORS: 'true' }).exposeErrors).toBe(true);
  expect(read({ NODE_ENV: 'production', EXPOSE_ERRORS: 'false' }).exposeErrors).toBe(false);
  expect(() => read({ NODE_ENV: 'production', EXPOSE_ERRORS: 'true' })).toThrow(
    'EXPOSE_ERRORS=true is not allowed where NODE_ENV=production: clients would see stack traces. Unset EXPOSE_ERRORS.',
  );
});

test('limits have defaults, and can be set', () => {
  const config = readConfig({ ...required, MAX_DEPTH: '9', MAX_COST: '500' });
  expect(config.limits).toEqual({
    maxDepth: 9,
    maxSelections: 1_000,
    maxAliases: 100,
    maxCost: 500,
    maxFetches: 50,
    maxResponseBytes: 4_000_000,
  });
  expect(() => readConfig({ ...required, MAX_SELECTIONS: 'many' })).toThrow(ConfigError);
});

test('persisted operations need at least one manifest', () => {
  const read = (mode: string, files: string) =>
    readConfig({ ...required, PERSISTED_OPERATIONS: mode, PERSISTED_OPERATIONS_FILE: files });
  expect(read('', '').persistedOperations).toEqual({ mode: 'off', files: [] });
  expect(read('log', 'a.json, b.json,').persistedOperations).toEqual({ mode: 'log', files: ['a.json', 'b.json'] });
  expect(() => read('enforce', ' , ')).toThrow(
    'PERSISTED_OPERATIONS_FILE is missing: PERSISTED_OPERATIONS=enforce needs a manifest',
  );
  expect(() => read('strict', 'a.json')).toThrow(ConfigError);
});

test('TLS needs a certificate and its key', () => {
  const read = (env: NodeJS.ProcessEnv) => readConfig({ ...required, ...env });
  expect([read({}).tls, read({ TLS_CERT_FILE: '', TLS_KEY_FILE: '' }).tls]).toEqual([undefined, undefined]);
  expect(read({ TLS_CERT_FILE: 'c.pem', TLS_KEY_FILE: 'k.pem' }).tls).toEqual({ certFile: 'c.pem', keyFile: 'k.pem' });
  expect(() => read({ TLS_CERT_FILE: 'c.pem' })).toThrow(
    'TLS_KEY_FILE is missing: TLS_CERT_FILE needs it. Set both for TLS, or none.',
  );
  expect(() => read({ TLS_KEY_FILE: 'k.pem' })).toThrow('TLS_CERT_FILE is missing');
});

test('the key that signs internal tokens and the broker are required', () => {
  expect(() => readConfig({ NATS_URL: required.NATS_URL })).toThrow('INTERNAL_TOKEN_KEY is missing');
  expect(() => readConfig({ INTERNAL_TOKEN_KEY: key })).toThrow('NATS_URL is missing');
});
