import {
  mapServices,
  nameVariables,
  type ServiceDefinition,
  serviceNames,
  services,
  tokenIssuer,
} from '@shop/contracts';
import { serverConfig } from '../src/nats/server-config.ts';
import { isAtLeast, isSuitable, type NatsVersion } from '../src/nats/version.ts';
import { describeStartFailure } from '../src/stack/start-failure.ts';
import { consoleLines } from '../src/stack/console-lines.ts';
import type { Surroundings } from '../src/stack/assembly.ts';
import { mailboxEnvironment, schemeOf, serviceEnvironment, urlAt } from '../src/stack/environment.ts';
import { MAILBOX_HOST } from '../src/stack/mailbox.ts';

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
  });
});

describe('the configuration of nats-server', () => {
  const config = {
    host: '127.0.0.1',
    port: 1,
    syncInterval: 'always',
    storeDir: '/s',
    logFile: '/l',
    users: [],
    maxMemoryStore: 1,
    maxFileStore: 2,
  };

  test('sets the flush interval only for servers that have the setting', () => {
    expect(serverConfig({ ...config, version: [2, 10, 0] })).toContain('"sync_interval": "always"');
    expect(serverConfig({ ...config, version: [2, 9, 25] })).not.toContain('sync_interval');
  });

  test('has the place of a server in a cluster', () => {
    const cluster = {
      name: 'shop',
      serverName: 'nats-1',
      host: '10.0.0.2',
      port: 6222,
      routes: ['10.0.0.1:6222', '10.0.0.2:6222'],
      password: 'p/w',
    };
    const text = serverConfig({ ...config, version: [2, 10, 0], cluster }).replace(/\s+/g, '');
    expect(text).toContain('server_name:"nats-1"');
    expect(text).toContain(
      '"name":"shop","listen":"10.0.0.2:6222","authorization":{"user":"route","password":"p/w"},' +
        '"routes":["nats://route:p%2Fw@10.0.0.1:6222","nats://route:p%2Fw@10.0.0.2:6222"],"ping_interval":"3s"',
    );
    expect(serverConfig({ ...config, version: [2, 9, 25], cluster })).not.toContain('ping_interval');
  });

  test('denies all subjects for an empty list, which the server would read as "all"', () => {
    const users = [{ name: 'a', password: 'b', permissions: { publish: [], subscribe: ['x'] } }];
    const text = serverConfig({ ...config, version: [2, 10, 0], users }).replace(/\s+/g, '');
    expect(text).toContain('"publish":{"deny":[">"]},"subscribe":{"allow":["x"]}');
  });
});

describe('the lines of a service on the terminal', () => {
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

  test('contain all of standard error, and no warnings until the stack is ready', () => {
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
      SMTP_URL: 'smtp://other',
      DKIM_PRIVATE_KEY: 'key',
      ...Object.fromEntries(serviceNames.map((name) => [nameVariables(name).databaseUrl, 'postgres://other'])),
      ...Object.fromEntries(serviceNames.map((name) => [nameVariables(name).url, 'http://other'])),
      ADMIN_PASSWORD: 'x',
      DEMO_PASSWORD: 'y',
    },
    host: '0.0.0.0',
    ports: {
      gateway: 1,
      ...mapServices((name) => 10 + serviceNames.indexOf(name)),
      postgres: 5,
      nats: 6,
      mailbox: 7,
      mailbox_smtp: 8,
      metrics: 9,
    },
    secrets: {
      internalTokenKey: key,
      accessTokenKeysFile: '/keys.json',
      formerAddressKey: 'a key',
      databasePasswords: { postgres: 'a', ...mapServices((name) => `password of ${name}`) },
      natsPasswords: {},
    },
    seed: 'demo',
    accounts: { adminEmail: 'a@b.c', adminPassword: 'p', demoPassword: null, announce: async () => {} },
    subgraphUrls: {},
    databaseDirectUrls: {},
    databaseReadUrls: {},
    databaseUrl: (name) => `postgres://${name}.of.people`,
    ownDatabaseUrl: (name) => `postgres://${name}`,
    natsUrl: (name) => `nats://${name}`,
    smtpUrl: 'smtp://mail',
  };

  const ports = Object.fromEntries(
    serviceNames.map((name, index) => [nameVariables(name).port, String(10 + index)] as const),
  );
  const common = {
    PATH: '/bin',
    LOG_LEVEL: 'debug',
    NODE_ENV: 'development',
    HOST: '0.0.0.0',
    GATEWAY_PORT: '1',
    METRICS_PORT: '9',
    ...ports,
  };

  test.each(serviceNames)('of %s has what the service needs and no secret of another', (name) => {
    expect(serviceEnvironment(name, surroundings)).toEqual({
      ...common,
      [nameVariables(name).databaseUrl]: `postgres://${name}`,
      NATS_URL: `nats://${name}`,
      INTERNAL_TOKEN_JWKS: expect.not.stringContaining('private'),
      SEED: 'demo',
      ...(name === tokenIssuer ? { ACCESS_TOKEN_KEYS_FILE: '/keys.json', FORMER_ADDRESS_KEY: 'a key' } : {}),
      ...((services[name] as ServiceDefinition).sendsMail ? { SMTP_URL: 'smtp://mail', DKIM_PRIVATE_KEY: 'key' } : {}),
    });
  });

  test('of the gateway has the addresses of the subgraphs, the broker and the key of internal tokens', () => {
    expect(serviceEnvironment('gateway', surroundings)).toEqual({
      ...common,
      NATS_URL: 'nats://gateway',
      ...Object.fromEntries(
        serviceNames.map((name, index) => [nameVariables(name).url, `http://127.0.0.1:${10 + index}`]),
      ),
      INTERNAL_TOKEN_KEY: expect.stringContaining('private'),
    });
  });

  test('of the gateway has the given addresses of subgraphs instead of their own', () => {
    const subgraphUrls = { [tokenIssuer]: 'http://balancer:1' };
    expect(serviceEnvironment('gateway', { ...surroundings, subgraphUrls })).toMatchObject(
      Object.fromEntries(
        serviceNames.map((name, index) => [
          nameVariables(name).url,
          name === tokenIssuer ? 'http://balancer:1' : `http://127.0.0.1:${10 + index}`,
        ]),
      ),
    );
  });

  test('of the mailbox has no secret, and loopback as its address', () => {
    const prepared = {
      ...surroundings,
      dataDir: '/data',
      logDir: '/logs',
      embedded: { postgres: true, nats: true, mailbox: true },
    };
    expect(mailboxEnvironment(prepared, MAILBOX_HOST)).toEqual({
      PATH: '/bin',
      LOG_LEVEL: 'debug',
      NODE_ENV: 'development',
      HOST: '127.0.0.1',
      MAILBOX_PORT: '7',
      MAILBOX_SMTP_PORT: '8',
      MAILBOX_DIR: '/data/mailbox',
    });
  });

  test('addresses of listeners on every interface, and of IPv6 ones, can be connected to', () => {
    expect([urlAt('::', 1), urlAt('::1', 1), urlAt('10.0.0.1', 1)]).toEqual([
      'http://127.0.0.1:1',
      'http://[::1]:1',
      'http://10.0.0.1:1',
    ]);
  });

  test('the gateway has TLS when a certificate is given', () => {
    const env = { TLS_CERT_FILE: 'cert.pem', TLS_KEY_FILE: 'key.pem' };
    expect([schemeOf('gateway', env), schemeOf('gateway', { TLS_CERT_FILE: '' }), schemeOf('gateway', {})]).toEqual([
      'https',
      'http',
      'http',
    ]);
    expect(serviceNames.map((name) => schemeOf(name, env))).toEqual(serviceNames.map(() => 'http'));
    expect(urlAt('0.0.0.0', 1, 'https')).toBe('https://127.0.0.1:1');
  });
});

describe('the message of a process that did not start', () => {
  test.each([
    [[], 'order did not start. See /order.log.'],
    [['order could not start: it is broken'], 'order could not start: it is broken. See /order.log.'],
    [
      ['The configuration of order is not valid:', '  A is missing', '  B: must be a port number', ''],
      'The configuration of order is not valid: A is missing; B: must be a port number. See /order.log.',
    ],
    [
      [
        'file:///dist/order.js:1',
        'throw new TypeError("no")',
        '^',
        '',
        'TypeError: no',
        '    at file:///dist/order.js:1:7',
      ],
      'order did not start: TypeError: no. See /order.log.',
    ],
  ])('%j', (lines, expected) => expect(describeStartFailure('order', lines, '/order.log')).toBe(expected));
});
