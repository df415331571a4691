import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { topology } from '@shop/contracts';
import { fields, loadConfig } from '@shop/process';
import esbuild from 'esbuild';
import pg from 'pg';
import { parse } from 'yaml';
import { z } from 'zod';
import { natsUsers, startPostgres } from '@shop/stack';
import { listPrograms } from './setup/bundles.mjs';

const text = readFileSync('docker-compose.yml', 'utf8');
const dockerfile = readFileSync('Dockerfile', 'utf8');

/** What is used of the Compose specification; `strictObject` refuses a misspelt key. */
const duration = z.string().regex(/^(\d+(us|ms|s|m|h))+$/);
const argv = z.array(z.string()).min(1);
const service = z.strictObject({
  image: z.string(),
  build: z.literal('.').optional(),
  restart: z.enum(['no', 'unless-stopped']),
  command: argv.optional(),
  environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string().regex(/^[a-z]+:\/[a-z/]+$/)).optional(),
  configs: z.array(z.strictObject({ source: z.string(), target: z.string() })).optional(),
  depends_on: z
    .record(
      z.string(),
      z.strictObject({ condition: z.enum(['service_started', 'service_healthy', 'service_completed_successfully']) }),
    )
    .optional(),
  healthcheck: z
    .strictObject({
      test: z.tuple([z.literal('CMD')], z.string()),
      interval: duration,
      timeout: duration,
      retries: z.int(),
      start_period: duration,
      start_interval: duration,
    })
    .optional(),
  stop_grace_period: duration.optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
});
const file = z.strictObject({
  name: z.string(),
  'x-app': z.unknown(),
  'x-environment': z.unknown(),
  'x-health': z.unknown(),
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()),
  configs: z.record(z.string(), z.strictObject({ content: z.string() })),
});

const compose = file.parse(parse(text, { merge: true }));
const services = Object.entries(compose.services);
const isOurs = (name: string) => compose.services[name]?.build !== undefined;

/** Names in `${NAME}`, `${NAME:-default}` and `${NAME:?message}`; a `$$` is none. */
const interpolated = (source: string) =>
  [...source.replaceAll('$$', '').matchAll(/\$\{([A-Z_]+)/g)].map((match) => String(match[1]));
const example = readFileSync('.env.example', 'utf8');
const documented = [...example.matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=/gm)].map((match) => String(match[1]));

/** What compose makes of a value. */
const interpolate = (value: string, env: Record<string, string>): string =>
  value.replace(
    /\$\{([A-Z_]+)(?::[-?]([^}]*))?\}/g,
    (_all, variable: string, preset = '') => env[variable] ?? String(preset),
  );

/** The environment of a service after interpolation. */
function valuesOf(name: string, env: Record<string, string>): Record<string, string> {
  const entries = Object.entries(compose.services[name]?.environment ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, interpolate(value, env)]));
}

describe('docker-compose.yml', () => {
  test.each(services)(
    '%s waits for services that exist, in a way that they can fulfil',
    (_name, { depends_on = {} }) => {
      for (const [name, { condition }] of Object.entries(depends_on)) {
        const needed = compose.services[name];
        expect(needed).toBeDefined();
        if (condition === 'service_healthy') expect(needed?.healthcheck).toBeDefined();
        if (condition === 'service_completed_successfully') expect(needed?.restart).toBe('no');
      }
    },
  );

  test('no service waits for itself in a circle', () => {
    const visit = (name: string, above: readonly string[]): void => {
      expect(above).not.toContain(name);
      for (const next of Object.keys(compose.services[name]?.depends_on ?? {})) visit(next, [...above, name]);
    };
    for (const [name] of services) visit(name, []);
  });

  test('every long-running service is checked for health', () => {
    expect(services.filter(([, { restart, healthcheck }]) => restart !== 'no' && !healthcheck)).toEqual([]);
  });

  test('volumes and configs are declared, and used', () => {
    expect([
      ...new Set(services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => String(volume.split(':')[0])))),
    ]).toEqual(Object.keys(compose.volumes));
    expect(services.flatMap(([, { configs = [] }]) => configs.map(({ source }) => source)).sort()).toEqual(
      Object.keys(compose.configs).sort(),
    );
  });

  test('only the gateway is published, on loopback', () => {
    expect(services.filter(([, { ports }]) => ports).map(([name, { ports }]) => [name, ports])).toEqual([
      ['gateway', ['127.0.0.1:${GATEWAY_PORT:-4000}:4000']],
    ]);
  });

  test('every variable has a line in .env.example', () => {
    expect(interpolated(text).filter((name) => !documented.includes(name))).toEqual([]);
    const given = services
      .filter(([name]) => isOurs(name))
      .flatMap(([, { environment = {} }]) => Object.keys(environment));
    expect(given.filter((name) => !documented.includes(name))).toEqual([]);
  });

  test('what has no default is required by name, and filled in by npm run secrets', () => {
    const empty = [...example.matchAll(/^([A-Z_]+)=$/gm)].map((match) => match[1]);
    const required = [...text.matchAll(/\$\{([A-Z_]+):\?run npm run secrets\}/g)].map((match) => match[1]);
    expect(required.filter((name) => !empty.includes(name))).toEqual([]);
    expect(text).not.toMatch(/\$\{[A-Z_]+\}/);
  });

  test('each command is a bundle that the build makes, and that the image has', async () => {
    const programs = listPrograms(process.cwd());
    const commands = services.filter(([name]) => isOurs(name)).map(([, { command }]) => command);
    for (const command of commands) {
      expect(command?.slice(0, 2)).toEqual(['node', expect.stringMatching(/^dist\/[a-z-]+\.js$/)]);
      if (command?.[1] === 'dist/shop.js') expect(command.slice(2)).toEqual(['migrate']);
      else expect(command).toHaveLength(2);
      expect(Object.keys(programs)).toContain(command?.[1]?.replace(/^dist\/|\.js$/g, ''));
    }
  });

  test('the broker’s users are those of npm start, with the same rights', () => {
    const config = JSON.parse(String(compose.configs['nats']?.content).replaceAll('$$', '$')) as Record<
      string,
      unknown
    >;
    const users = natsUsers(topology, (name) => `\${NATS_${name.toUpperCase()}_PASSWORD:?run npm run secrets}`).map(
      ({ name, password, permissions }) => ({
        user: name,
        password,
        ...(permissions && {
          permissions: { publish: { allow: permissions.publish }, subscribe: { allow: permissions.subscribe } },
        }),
      }),
    );
    expect(config['authorization']).toEqual({ users });
    expect(config['jetstream']).toMatchObject({ sync_interval: '1s', store_dir: '/data' });
  });
});

test('each role that the database server is set up with may connect to its own database only', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'databases-'));
  const server = await startPostgres({ dataDir: path.join(directory, 'data'), fsync: false });
  const passwords = { USER_DATABASE_PASSWORD: 'u1', PRODUCT_DATABASE_PASSWORD: 'p1', ORDER_DATABASE_PASSWORD: 'o1' };
  const connect = async (connectionString: string, statements: readonly string[]) => {
    const client = new pg.Client({ connectionString });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  try {
    const sql = interpolate(String(compose.configs['databases']?.content), passwords);
    await connect(
      server.url(),
      sql
        .split(';')
        .map((statement) => statement.trim())
        .filter(Boolean),
    );

    const urls = (['user', 'product', 'order'] as const).map((name) => {
      const url = new URL(String(valuesOf('migrate', passwords)[`${name.toUpperCase()}_DATABASE_URL`]));
      url.host = new URL(server.url()).host;
      return url;
    });
    for (const url of urls) {
      await connect(url.href, ['CREATE TABLE own (id int)']);
      for (const other of ['/postgres', '/template1', ...urls.map(({ pathname }) => pathname)].filter(
        (name) => name !== url.pathname,
      )) {
        const foreign = new URL(url);
        foreign.pathname = other;
        await expect(connect(foreign.href, [])).rejects.toThrow('permission denied for database');
      }
    }
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
});

describe('.env.example', () => {
  test('has a line for every variable that a process reads', () => {
    const configs = ['gateway', 'subgraphs', 'packages'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /(^|\/)config\.ts$/.test(name) && !name.includes('node_modules'))
        .map((name) => path.join(folder, name)),
    );
    expect(configs.length).toBeGreaterThanOrEqual(4);
    const read = configs.flatMap((name) =>
      [...readFileSync(name, 'utf8').matchAll(/^\s+([A-Z][A-Z0-9_]+): (?:fields|z)\./gm)].map((match) =>
        String(match[1]),
      ),
    );
    expect(read.filter((name) => !documented.includes(name))).toEqual([]);
  });
});

describe('npm run secrets', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'secrets-'));
  const output = path.join(directory, '.env');
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const run = () => spawnSync(process.execPath, ['dist/shop.js', 'secrets', '--output', output], { encoding: 'utf8' });

  test('fills in every secret, for the owner’s eyes only, and never overwrites', () => {
    expect(run()).toMatchObject({ status: 0 });
    expect(statSync(output).mode & 0o777).toBe(0o600);
    const written = readFileSync(output, 'utf8');
    expect(written).not.toMatch(/^[A-Z_]+=$/m);
    expect(run()).toMatchObject({ status: 1, stderr: expect.stringContaining('left as it is') as unknown });
    expect(readFileSync(output, 'utf8')).toBe(written);
  });

  test('gives what the processes in the containers accept', () => {
    const env = Object.fromEntries(
      [...readFileSync(output, 'utf8').matchAll(/^([A-Z_]+)='(.*)'$/gm)].map((match) => [
        String(match[1]),
        String(match[2]),
      ]),
    );
    const gateway = loadConfig(
      'gateway',
      { INTERNAL_TOKEN_KEY: fields.privateJwk(), USER_URL: fields.httpUrl() },
      valuesOf('gateway', env),
    );
    const user = loadConfig(
      'user',
      {
        INTERNAL_TOKEN_JWKS: fields.publicJwks(),
        ACCESS_TOKEN_KEY: fields.privateJwk(),
        USER_DATABASE_URL: fields.postgresUrl(),
        NATS_URL: fields.natsUrl(),
      },
      valuesOf('user', env),
    );
    expect(user.INTERNAL_TOKEN_JWKS.keys[0]).toMatchObject({
      kid: gateway.INTERNAL_TOKEN_KEY.kid,
      x: gateway.INTERNAL_TOKEN_KEY.x,
    });
    expect(user.ACCESS_TOKEN_KEY.kid).not.toBe(gateway.INTERNAL_TOKEN_KEY.kid);
    expect(new URL(user.USER_DATABASE_URL).password).toBe(env['USER_DATABASE_PASSWORD']);
  });
});

describe('Dockerfile', () => {
  test('copies only what exists', () => {
    const sources = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
      String(match[1]).split(' '),
    );
    expect(sources.length).toBeGreaterThan(5);
    for (const source of sources) expect(() => statSync(source)).not.toThrow();
  });

  test('what the build reads is let through by .dockerignore', async () => {
    const programs = listPrograms(process.cwd());
    const { metafile } = await esbuild.build({
      entryPoints: programs,
      outdir: 'dist',
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      conditions: ['@shop/source'],
      plugins: [
        {
          name: 'ours-only',
          setup(build) {
            build.onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
              kind === 'entry-point' || name.startsWith('@shop/') ? undefined : { path: name, external: true },
            );
          },
        },
      ],
    });
    const lines = readFileSync('.dockerignore', 'utf8').split('\n');
    const folders = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const inputs = Object.keys(metafile.inputs);
    expect(inputs.length).toBeGreaterThan(100);
    expect(
      inputs.filter((input) => !folders.includes(String(input.split('/')[0])) || input.endsWith('.test.ts')),
    ).toEqual([]);
  });

  test('its healthcheck script tells health', async () => {
    const check = (url: string) => spawnSync(process.execPath, ['scripts/healthcheck.mjs', url]).status;
    expect(check('http://127.0.0.1:1/')).toBe(1);
  });
});
