import { serverConfig } from '../src/nats/server-config.ts';
import { canLoseStreams, isAtLeast, isSuitable, type NatsVersion } from '../src/nats/version.ts';
import { consoleLines } from '../src/stack/console-lines.ts';
import { serviceEnvironment, type Surroundings, urlAt } from '../src/stack/environment.ts';

describe('versions of nats-server', () => {
  test.each<[NatsVersion, boolean]>([
    [[2, 9, 25], false],
    [[2, 10, 0], true],
    [[2, 10, 19], true],
    [[2, 10, 20], false],
    [[2, 10, 22], false],
    [[2, 10, 23], true],
    [[2, 12, 0], true],
    [[3, 0, 0], true],
  ])('%j is suitable: %s', (version, expected) => expect(isSuitable(version)).toBe(expected));

  test('are compared part by part', () => {
    expect(isAtLeast([2, 10, 9], [2, 9, 10])).toBe(true);
    expect(isAtLeast([1, 99, 99], [2, 0, 0])).toBe(false);
    expect(canLoseStreams([2, 11, 21])).toBe(false);
  });
});

describe('the configuration of nats-server', () => {
  const config = {
    port: 1,
    syncInterval: 'always',
    storeDir: '/s',
    logFile: '/l',
    users: [],
    maxMemoryStore: 1,
    maxFileStore: 2,
  };

  test('says when to flush only where the server knows how', () => {
    expect(serverConfig({ ...config, version: [2, 10, 0] })).toContain('"sync_interval": "always"');
    expect(serverConfig({ ...config, version: [2, 9, 25] })).not.toContain('sync_interval');
  });

  test('takes an empty list of subjects for "none", which for the server would be "all"', () => {
    const users = [{ name: 'a', password: 'b', permissions: { publish: [], subscribe: ['x'] } }];
    const text = serverConfig({ ...config, version: [2, 10, 0], users }).replace(/\s+/g, '');
    expect(text).toContain('"publish":{"deny":[">"]},"subscribe":{"allow":["x"]}');
  });
});

describe('what the terminal shows of a service', () => {
  const shown = (line: string, stream: 'stdout' | 'stderr' = 'stdout', isStarting = false): string[] => {
    const lines: string[] = [];
    consoleLines(
      'order',
      (text) => lines.push(text),
      () => isStarting,
    )(line, stream);
    return lines;
  };

  test.each([
    ['{"level":"warn","msg":"odd","err":{"message":"why"}}', ['[order] WARN odd: why']],
    ['{"level":"error","msg":"bad","err":{"message":"bad"}}', ['[order] ERROR bad']],
    ['{"level":"fatal","msg":"end"}', ['[order] FATAL end']],
    ['{"level":"info","msg":"fine"}', []],
    ['not JSON', []],
    ['null', []],
  ])('%s', (line, expected) => expect(shown(line)).toEqual(expected));

  test('all of standard error, and no warnings until the stack is ready', () => {
    expect(shown('Error: boom', 'stderr')).toEqual(['[order] Error: boom']);
    expect(shown('{"level":"warn","msg":"not ready"}', 'stdout', true)).toEqual([]);
    expect(shown('{"level":"error","msg":"bad"}', 'stdout', true)).toEqual(['[order] ERROR bad']);
  });
});

describe('the environment of a service', () => {
  const key = { kty: 'OKP', crv: 'Ed25519', x: 'x', d: 'private', kid: 'k' };
  const surroundings: Surroundings = {
    inherited: {
      PATH: '/bin',
      LOG_LEVEL: 'debug',
      NATS_URL: 'nats://other',
      USER_DATABASE_URL: 'postgres://other',
      ADMIN_PASSWORD: 'x',
      ORDER_URL: 'http://other',
      DEMO_PASSWORD: 'y',
    },
    host: '0.0.0.0',
    ports: { gateway: 1, user: 2, product: 3, order: 4, postgres: 5, nats: 6 },
    secrets: {
      internalTokenKey: key,
      accessTokenKeysFile: '/keys.json',
      databasePasswords: { postgres: 'a', user: 'b', product: 'c', order: 'd' },
      natsPasswords: {},
    },
    seed: 'demo',
    accounts: { adminEmail: 'a@b.c', adminPassword: 'p', demoPassword: null, announce: async () => {} },
    databaseUrl: (name) => `postgres://${name}`,
    natsUrl: (name) => `nats://${name}`,
  };

  test('holds what the service needs and no secret of another', () => {
    expect(serviceEnvironment('order', surroundings)).toEqual({
      PATH: '/bin',
      LOG_LEVEL: 'debug',
      NODE_ENV: 'development',
      HOST: '0.0.0.0',
      GATEWAY_PORT: '1',
      USER_PORT: '2',
      PRODUCT_PORT: '3',
      ORDER_PORT: '4',
      ORDER_DATABASE_URL: 'postgres://order',
      NATS_URL: 'nats://order',
      INTERNAL_TOKEN_JWKS: expect.not.stringContaining('private'),
    });
    expect(serviceEnvironment('gateway', surroundings)).toMatchObject({
      ORDER_URL: 'http://127.0.0.1:4',
      INTERNAL_TOKEN_KEY: expect.stringContaining('private'),
    });
    expect(serviceEnvironment('gateway', surroundings)).not.toHaveProperty('NATS_URL');
  });

  test('addresses of listeners on every interface, and of IPv6 ones, can be connected to', () => {
    expect([urlAt('::', 1), urlAt('::1', 1), urlAt('10.0.0.1', 1)]).toEqual([
      'http://127.0.0.1:1',
      'http://[::1]:1',
      'http://10.0.0.1:1',
    ]);
  });
});
