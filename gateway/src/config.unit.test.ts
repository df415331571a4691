import { ConfigError } from '@shop/process';
import { readConfig } from './config.ts';

const key = JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'x', d: 'd', kid: 'k1' });
const required = { INTERNAL_TOKEN_KEY: key, NATS_URL: 'nats://127.0.0.1:4222' };

test('URLs of subgraphs are read by their variables', () => {
  const config = readConfig({
    ...required,
    PRODUCT_PORT: '5002',
    ORDER_URL: 'http://order-1:4003, http://order-2:4003',
    SUBGRAPH_FILM_REVIEWS_URL: 'https://reviews.example/api/graphql',
    SUBGRAPH_OTHER_URL: '',
    TASK_URL: 'unix:///run/task-1.sock, unix:///run/task-2.sock,http://task-3:4004',
  });
  expect(config.subgraphUrls).toEqual({
    SUBGRAPH_PRODUCT_URL: ['http://127.0.0.1:5002'],
    SUBGRAPH_ORDER_URL: ['http://order-1:4003', 'http://order-2:4003'],
    SUBGRAPH_FILM_REVIEWS_URL: ['https://reviews.example/api/graphql'],
    SUBGRAPH_TASK_URL: ['unix:///run/task-1.sock', 'unix:///run/task-2.sock', 'http://task-3:4004'],
  });
  expect(() => readConfig({ ...required, ORDER_URL: 'http://order-1:4003,order-2:4003' })).toThrow(ConfigError);
  expect(() => readConfig({ ...required, SUBGRAPH_FILMS_URL: 'films:4003' })).toThrow(
    'SUBGRAPH_FILMS_URL: must be URLs',
  );
  expect(() => readConfig({ ...required, SUBGRAPH_FILMS_URL: 'http://a,unix://run/films.sock' })).toThrow(
    'SUBGRAPH_FILMS_URL: the URL of a socket must start with unix:/// and an absolute path',
  );
  expect(config).toMatchObject({ port: 4000, isProduction: false, subgraphTimeoutMs: 5_000 });
});

test('of several variables for one subgraph, SUBGRAPH_<NAME>_URL comes first and the port last', () => {
  const read = (env: NodeJS.ProcessEnv) => readConfig({ ...required, ...env }).subgraphUrls['SUBGRAPH_USER_URL'];
  const [port, url, subgraphUrl] = [
    { USER_PORT: '5001' },
    { USER_URL: 'http://a:1' },
    { SUBGRAPH_USER_URL: 'http://b:2' },
  ];
  expect(read({})).toBeUndefined();
  expect(read(port)).toEqual(['http://127.0.0.1:5001']);
  expect(read({ ...port, ...url })).toEqual(['http://a:1']);
  expect(read({ ...port, ...url, ...subgraphUrl })).toEqual(['http://b:2']);
});

test('the supergraph is a file, and the keys of access tokens and the broker are optional', () => {
  const config = readConfig({ INTERNAL_TOKEN_KEY: key });
  expect([config.supergraphFile, config.jwksUrl, config.natsUrl]).toEqual([
    'gateway/supergraph.graphql',
    undefined,
    undefined,
  ]);
  const set = readConfig({ ...required, SUPERGRAPH_FILE: '/x.graphql', JWKS_URL: 'https://id.example/keys' });
  expect([set.supergraphFile, set.jwksUrl]).toEqual(['/x.graphql', 'https://id.example/keys']);
  expect(() => readConfig({ ...required, JWKS_URL: 'id.example' })).toThrow('JWKS_URL: must be a URL');
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

test('the planner is Apollo’s by default, and Hive’s needs our own engine', () => {
  const read = (env: NodeJS.ProcessEnv) => readConfig({ ...required, ...env }).queryPlanner;
  expect([read({}), read({ QUERY_PLANNER: 'hive' })]).toEqual(['apollo', 'hive']);
  expect(() => read({ QUERY_PLANNER: 'rust' })).toThrow('QUERY_PLANNER: Invalid option');
  expect(() => read({ QUERY_PLANNER: 'hive', GATEWAY_ENGINE: 'stock' })).toThrow(
    'QUERY_PLANNER=hive is not allowed where GATEWAY_ENGINE=stock',
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

test('the key that signs internal tokens is required', () => {
  expect(() => readConfig({ NATS_URL: required.NATS_URL })).toThrow('INTERNAL_TOKEN_KEY is missing');
});
