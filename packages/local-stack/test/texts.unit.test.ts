import { parseCommand } from '../src/commands/arguments.ts';
import { formatTable } from '../src/commands/table.ts';
import { serverConfig } from '../src/nats/server-config.ts';
import { canLoseStreams, isAtLeast, isSuitable, type NatsVersion } from '../src/nats/version.ts';
import { consoleLines } from '../src/stack/console-lines.ts';
import { serviceEnvironment, type Surroundings, urlAt } from '../src/stack/environment.ts';

describe('versions of nats-server', () => {
  test.each<[NatsVersion, boolean]>([
    [[2, 9, 25], false], [[2, 10, 0], true], [[2, 10, 19], true], [[2, 10, 20], false], [[2, 10, 22], false], [[2, 10, 23], true], [[2, 12, 0], true], [[3, 0, 0], true],
  ])('%j is suitable: %s', (version, expected) => expect(isSuitable(version)).toBe(expected));

  test('are compared part by part', () => {
    expect(isAtLeast([2, 10, 9], [2, 9, 10])).toBe(true);
    expect(isAtLeast([1, 99, 99], [2, 0, 0])).toBe(false);
    expect(canLoseStreams([2, 11, 21])).toBe(false);
  });
});

describe('the configuration of nats-server', () => {
  const config = { port: 1, syncInterval: 'always', storeDir: '/s', logFile: '/l', users: [], maxMemoryStore: 1, maxFileStore: 2 };

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
    consoleLines('order', (text) => lines.push(text), () => isStarting)(line, stream);
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
    inherited: { PATH: '/bin', LOG_LEVEL: 'debug', NATS_URL: 'nats://other', USER_DATABASE_URL: 'postgres://other', ADMIN_PASSWORD: 'x', ORDER_URL: 'http://other', DEMO_PASSWORD: 'y' },
    host: '0.0.0.0',
    ports: { gateway: 1, user: 2, product: 3, order: 4, postgres: 5, nats: 6 },
    secrets: { internalTokenKey: key, accessTokenKeysFile: '/keys.json', databasePasswords: { postgres: 'a', user: 'b', product: 'c', order: 'd' }, natsPasswords: {} },
    seed: 'demo',
    accounts: { adminEmail: 'a@b.c', adminPassword: 'p', demoPassword: null, announce: async () => {} },
    databaseUrl: (name) => `postgres://${name}`,
    natsUrl: (name) => `nats://${name}`,
  };

  test('holds what the service needs and no secret of another', () => {
    expect(serviceEnvironment('order', surroundings)).toEqual({
      PATH: '/bin', LOG_LEVEL: 'debug', NODE_ENV: 'development', HOST: '0.0.0.0',
      GATEWAY_PORT: '1', USER_PORT: '2', PRODUCT_PORT: '3', ORDER_PORT: '4',
      ORDER_DATABASE_URL: 'postgres://order', NATS_URL: 'nats://order', INTERNAL_TOKEN_JWKS: expect.not.stringContaining('private'),
    });
    expect(serviceEnvironment('gateway', surroundings)).toMatchObject({ ORDER_URL: 'http://127.0.0.1:4', INTERNAL_TOKEN_KEY: expect.stringContaining('private') });
    expect(serviceEnvironment('gateway', surroundings)).not.toHaveProperty('NATS_URL');
  });

  test('addresses of listeners on every interface, and of IPv6 ones, can be connected to', () => {
    expect([urlAt('::', 1), urlAt('::1', 1), urlAt('10.0.0.1', 1)]).toEqual(['http://127.0.0.1:1', 'http://[::1]:1', 'http://10.0.0.1:1']);
  });
});

describe('npm run events', () => {
  test.each([
    [['dead-letters'], { name: 'dead-letters', services: ['user', 'product', 'order'] }],
    [['dead-letters', '--service', 'order'], { name: 'dead-letters', services: ['order'] }],
    [['resend', '--all'], { name: 'resend', services: ['user', 'product', 'order'], ids: 'all' }],
    [['resend', 'a', 'b', '--service=product'], { name: 'resend', services: ['product'], ids: ['a', 'b'] }],
    [[], { name: 'help' }],
    [['--help'], { name: 'help' }],
  ])('%j', (args, expected) => expect(parseCommand(args)).toEqual(expected));

  test.each([
    [['resend'], /resend takes either ids or --all/],
    [['resend', 'a', '--all'], /resend takes either ids or --all/],
    [['dead-letters', 'a'], /dead-letters takes no ids/],
    [['dead-letters', '--service', 'cart'], /there is no service "cart"/],
    [['list'], /there is no command "list"/],
    [['republish'], /republish needs --since/],
    [['republish', 'a', '--since', '2h'], /republish takes no ids/],
    [['republish', '--since', 'yesterday'], /"yesterday" is neither a duration nor a time/],
    [['republish', '--since', '2026-11-20T14:30'], /neither a duration nor a time/],
    [['republish', '--since', '9999-01-01'], /is yet to come/],
    [['resend', 'a', '--since', '2h'], /resend takes no --since/],
    [['dead-letters', '--dry-run'], /dead-letters takes no --dry-run/],
    [['resend', '--everything'], /--everything/],
  ])('%j is answered with the usage', (args, message) => {
    expect(() => parseCommand(args)).toThrow(message);
    expect(() => parseCommand(args)).toThrow(/npm run events -- resend --all/);
  });

  test.each([
    ['90s', '2026-11-20T14:28:30.000Z'], ['15m', '2026-11-20T14:15:00.000Z'], ['2h', '2026-11-20T12:30:00.000Z'], ['3d', '2026-11-17T14:30:00.000Z'],
    ['999999d', '1970-01-01T00:00:00.000Z'], ['2026-11-20T14:00:00Z', '2026-11-20T14:00:00.000Z'], ['2026-11-20T14:00+02:00', '2026-11-20T12:00:00.000Z'],
    ['2026-11-20', '2026-11-20T00:00:00.000Z'],
  ])('republish --since %s is %s', (since, expected) => {
    const now = new Date('2026-11-20T14:30:00Z');
    expect(parseCommand(['republish', '--since', since, '--service', 'order', '--type', 't'], now))
      .toEqual({ name: 'republish', services: ['order'], filter: { since: new Date(expected), type: 't' }, isDryRun: false });
  });

  test('prints columns of equal width', () => {
    expect(formatTable(['ID', 'ERROR'], [['1', 'two\n lines'], ['234', '']])).toBe('ID   ERROR\n1    two lines\n234');
  });
});
