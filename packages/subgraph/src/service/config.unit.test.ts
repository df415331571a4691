import { readSubgraphConfig } from './config.ts';

const key = { kty: 'OKP', crv: 'Ed25519', x: 'abc', kid: 'k1' };
const required = {
  KITCHEN_DATABASE_URL: 'postgres://u:p@h/d',
  NATS_URL: 'nats://u:p@a:4222',
  INTERNAL_TOKEN_JWKS: JSON.stringify({ keys: [key] }),
};
const read = (env: NodeJS.ProcessEnv) =>
  readSubgraphConfig({ name: 'kitchen', port: 4100 }, () => null, { ...required, ...env })[0];

test('one server of everything is the default', () => {
  expect(read({})).toMatchObject({ natsReplicas: 1, directUrl: 'postgres://u:p@h/d', readUrls: [] });
});

test('a cluster of NATS, read replicas and a pooler are read', () => {
  const env = {
    NATS_URL: 'nats://u:p@a:4222, nats://b:4222',
    NATS_REPLICAS: '3',
    KITCHEN_DATABASE_URL: 'postgres://u:p@pooler/d?pgbouncer=true',
    KITCHEN_DATABASE_DIRECT_URL: 'postgres://u:p@h/d',
    KITCHEN_DATABASE_READ_URLS: 'postgres://u:p@r1/d, postgres://u:p@r2/d',
  };
  expect(read(env)).toMatchObject({
    natsUrl: env.NATS_URL,
    natsReplicas: 3,
    databaseUrl: env.KITCHEN_DATABASE_URL,
    directUrl: 'postgres://u:p@h/d',
    readUrls: ['postgres://u:p@r1/d', 'postgres://u:p@r2/d'],
  });
});

test('a socket takes the place of the port', () => {
  expect(read({}).socketPath).toBeUndefined();
  expect(read({ KITCHEN_SOCKET: '/run/kitchen.sock' }).socketPath).toBe('/run/kitchen.sock');
});

test.each([
  [{ KITCHEN_SOCKET: 'kitchen.sock' }, 'KITCHEN_SOCKET: must be an absolute path of a socket'],
  [
    { KITCHEN_SOCKET: `/${'x'.repeat(200)}` },
    /KITCHEN_SOCKET: has a path of 201 bytes, and that of a socket may have 10/,
  ],
  [{ NATS_URL: 'nats://a:4222,http://b' }, /NATS_URL: must be URLs that start with nats:\/\/ or tls:\/\//],
  [{ NATS_REPLICAS: '6' }, /NATS_REPLICAS: must be from 1 to 5/],
  [{ KITCHEN_DATABASE_READ_URLS: 'r1,r2' }, /KITCHEN_DATABASE_READ_URLS: must be URLs that start with postgres:/],
  [
    { KITCHEN_DATABASE_URL: 'postgres://u:p@pooler/d?pgbouncer=true' },
    /KITCHEN_DATABASE_DIRECT_URL is missing: the service listens over it, since KITCHEN_DATABASE_URL has pgbouncer=true/,
  ],
])('%j is refused', (env, message) => {
  expect(() => read(env)).toThrow(message);
});
