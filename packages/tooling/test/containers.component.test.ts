import { execFile, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  nameVariables,
  type ServiceDefinition,
  serviceNames,
  services as table,
  tokenIssuer,
  topology,
} from '@shop/contracts';
import { fields, loadConfig } from '@shop/process';
import { natsUsers, startPostgres } from '@shop/stack';
import { createCertificate } from '@shop/testing';
import esbuild from 'esbuild';
import pg from 'pg';
import { parse } from 'yaml';
import { z } from 'zod';
import { listPrograms } from '../../../scripts/setup/bundles.mjs';
import { updateComposeFile, updateEnvExample } from '../src/generators/containers.ts';
import { updatePrometheusFile } from '../src/generators/observability/observability.ts';

const text = readFileSync('docker-compose.yml', 'utf8');
const dockerfile = readFileSync('Dockerfile', 'utf8');

/** The part of the Compose specification that the file uses. `strictObject` rejects a misspelt key. */
const duration = z.string().regex(/^(\d+(us|ms|s|m|h))+$/);
const argv = z.array(z.string()).min(1);
const service = z.strictObject({
  profiles: z.array(z.enum(['backup', 'observability'])).optional(),
  image: z.string(),
  user: z.literal('root').optional(),
  build: z.strictObject({ context: z.literal('.'), args: z.record(z.string(), z.string()) }).optional(),
  pull_policy: z.string().optional(),
  init: z.boolean().optional(),
  mem_limit: z.string(),
  cpus: z.string(),
  pids_limit: z.int(),
  shm_size: z.string().optional(),
  networks: z.array(z.enum(['front', 'back'])),
  logging: z.strictObject({
    driver: z.literal('json-file'),
    options: z.strictObject({ 'max-size': z.string(), 'max-file': z.string() }),
  }),
  restart: z.enum(['no', 'unless-stopped']),
  command: argv.optional(),
  environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()).optional(),
  ports: z.array(z.string()).optional(),
  // Volumes that the file declares, and what is only read: files of the project, and Docker's socket.
  volumes: z
    .array(
      z
        .string()
        .regex(
          /^([a-z]+:\/[a-z/]+|\.\/deploy\/[a-z/]+:\/[a-z/]+:ro|\/var\/run\/docker\.sock:\/var\/run\/docker\.sock:ro)$/,
        ),
    )
    .optional(),
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
const file = z
  .object({
    name: z.string(),
    'x-app': z.unknown(),
    'x-logging': z.unknown(),
    'x-environment': z.unknown(),
    'x-observer': z.unknown(),
    'x-health': z.unknown(),
    services: z.record(z.string(), service),
    networks: z.strictObject({ front: z.null(), back: z.strictObject({ internal: z.literal(true) }) }),
    volumes: z.record(z.string(), z.null()),
    configs: z.record(z.string(), z.strictObject({ content: z.string() })),
  })
  // Variables that only one subgraph reads.
  .catchall(z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()));

const compose = file.parse(parse(text, { merge: true, maxAliasCount: -1 }));
const services = Object.entries(compose.services);
const isOurs = (name: string) => compose.services[name]?.build !== undefined;
/** The services of the profile `observability`. */
const observers = services.filter(([, { profiles = [] }]) => profiles.includes('observability')).map(([name]) => name);

type Tree = Record<string, unknown>;

/** Names in `${NAME}`, `${NAME:-default}` and `${NAME:?message}`. A `$$` is no name. */
const interpolated = (source: string) =>
  [...source.replaceAll('$$', '').matchAll(/\$\{([A-Z_]+)/g)].map((match) => String(match[1]));
const example = readFileSync('.env.example', 'utf8');
const documented = [...example.matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=/gm)].map((match) => String(match[1]));

/** A value after Compose has replaced its variables. */
const interpolate = (value: string, env: Record<string, string>): string =>
  value.replace(
    /\$\{([A-Z_]+)(?::[-?]([^}]*))?\}/g,
    (_all, variable: string, preset = '') => env[variable] ?? String(preset),
  );

/** The environment of a service after interpolation. */
function readEnvironment(name: string, env: Record<string, string>): Record<string, string> {
  const entries = Object.entries(compose.services[name]?.environment ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, interpolate(value, env)]));
}

describe('docker-compose.yml', () => {
  test.each(services)(
    '%s waits for services that exist, with a condition that they can meet',
    (_name, { depends_on = {} }) => {
      for (const [name, { condition }] of Object.entries(depends_on)) {
        const needed = compose.services[name];
        expect(needed).toBeDefined();
        if (condition === 'service_healthy') expect(needed?.healthcheck).toBeDefined();
        if (condition === 'service_completed_successfully') expect(needed?.restart).toBe('no');
      }
    },
  );

  test('no services wait for each other in a circle', () => {
    const visit = (name: string, above: readonly string[]): void => {
      expect(above).not.toContain(name);
      for (const next of Object.keys(compose.services[name]?.depends_on ?? {})) visit(next, [...above, name]);
    };
    for (const [name] of services) visit(name, []);
  });

  test('every long-running service has a health check, but those whose image has no program for one', () => {
    const unchecked = services.filter(([, { restart, healthcheck }]) => restart !== 'no' && !healthcheck);
    expect(unchecked.map(([name]) => name)).toEqual(['tempo', 'alloy']);
  });

  test('volumes and configs are declared and used', () => {
    const sources = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => String(volume.split(':')[0])));
    expect([...new Set(sources.filter((source) => !/[./]/.test(source)))]).toEqual(Object.keys(compose.volumes));
    for (const source of sources.filter((source) => source.startsWith('.')))
      expect(() => statSync(source)).not.toThrow();
    expect(services.flatMap(([, { configs = [] }]) => configs.map(({ source }) => source)).sort()).toEqual(
      Object.keys(compose.configs).sort(),
    );
  });

  test('only the gateway, the mailbox and Grafana are published, on loopback', () => {
    expect(services.filter(([, { ports }]) => ports).map(([name, { ports }]) => [name, ports])).toEqual([
      ['mailbox', ['127.0.0.1:${MAILBOX_PORT:-4026}:4026']],
      ['gateway', ['127.0.0.1:${GATEWAY_PORT:-4000}:4000']],
      ['grafana', ['127.0.0.1:${GRAFANA_PORT:-3000}:3000']],
    ]);
  });

  test('only the gateway, the mailbox, the senders of mail and Grafana are in the network that reaches outside', () => {
    const senders = serviceNames.filter((name) => (table[name] as ServiceDefinition).sendsMail);
    expect(services.filter(([, { networks }]) => networks.includes('front')).map(([name]) => name)).toEqual([
      'mailbox',
      ...senders,
      'gateway',
      'grafana',
    ]);
    for (const name of senders)
      expect(compose.services[name]?.environment?.['SMTP_URL']).toBe('${SMTP_URL:-smtp://mailbox:4025}');
    expect(services.filter(([, { networks }]) => !networks.includes('back'))).toEqual([]);
  });

  test('each image has a version', () => {
    for (const [, { image }] of services) expect(interpolate(image, {})).toMatch(/^([a-z]+\/)?[a-z-]+:[a-z0-9.-]+$/);
  });

  test('our containers have an init process and write nothing to the image', () => {
    for (const [, { init, read_only, cap_drop }] of services.filter(([name]) => isOurs(name)))
      expect({ init, read_only, cap_drop }).toEqual({ init: true, read_only: true, cap_drop: ['ALL'] });
  });

  test('every variable has a line in .env.example', () => {
    expect(interpolated(text).filter((name) => !documented.includes(name))).toEqual([]);
    const given = services
      .filter(([name]) => isOurs(name))
      .flatMap(([, { environment = {} }]) => Object.keys(environment));
    expect(given.filter((name) => !documented.includes(name))).toEqual([]);
  });

  test('a variable without a default is required, and npm run secrets fills it in', () => {
    const empty = [...example.matchAll(/^([A-Z_]+)=$/gm)].map((match) => match[1]);
    const required = [...text.matchAll(/\$\{([A-Z_]+):\?run npm run secrets\}/g)].map((match) => match[1]);
    expect(required.filter((name) => !empty.includes(name))).toEqual([]);
    expect(text).not.toMatch(/\$\{[A-Z_]+\}/);
  });

  test('each command is a program that the build creates', async () => {
    const programs = listPrograms(process.cwd());
    const commands = services.filter(([name]) => isOurs(name)).map(([, { command }]) => command);
    for (const command of commands) {
      expect(command?.slice(0, 2)).toEqual(['node', expect.stringMatching(/^dist\/[a-z-]+\.js$/)]);
      if (command?.[1] === 'dist/shop.js') expect(['migrate', 'backup']).toContain(command[2]);
      else expect(command).toHaveLength(2);
      expect(Object.keys(programs)).toContain(command?.[1]?.replace(/^dist\/|\.js$/g, ''));
    }
  });

  test('the scheduled backup runs only with its profile, on all databases, with commands that exist', () => {
    const backup = compose.services['backup'];
    expect(backup?.profiles).toEqual(['backup']);
    for (const name of serviceNames) {
      const { databaseUrl } = nameVariables(name);
      expect(backup?.environment).toHaveProperty(databaseUrl, compose.services['migrate']?.environment?.[databaseUrl]);
    }
    // A volume that the image has no directory for belongs to root.
    expect(backup?.volumes).toEqual([`backups:${backup?.environment?.['BACKUP_DIR']}`]);
    expect(dockerfile).toMatch(/^RUN install --directory --owner=node .* \/backups$/m);
    const program = path.resolve('dist/shop.js');
    for (const words of [backup?.command, backup?.healthcheck?.test.slice(1)]) {
      const [node, file, ...args] = (words ?? []).map((word) => interpolate(word, {}));
      expect([node, file]).toEqual(['node', 'dist/shop.js']);
      // Values of options are checked before the help is shown.
      const { status, stderr } = spawnSync(process.execPath, [program, ...args, '--help'], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    }
  });

  describe('the profile observability', () => {
    const read = (file: string) => parse(readFileSync(`deploy/observability/${file}`, 'utf8')) as Tree;
    const { services: named } = compose;

    test('starts only when it is asked for, without rights', () => {
      expect(observers).toEqual(['grafana', 'prometheus', 'tempo', 'loki', 'alloy']);
      for (const name of observers)
        expect(named[name]).toMatchObject({
          read_only: true,
          cap_drop: ['ALL'],
          security_opt: ['no-new-privileges:true'],
        });
      for (const [, { depends_on = {}, profiles }] of services)
        if (profiles === undefined)
          expect(Object.keys(depends_on).filter((each) => observers.includes(each))).toEqual([]);
      expect(named['grafana']?.environment).toMatchObject({
        GF_SECURITY_ADMIN_PASSWORD: '${ADMIN_PASSWORD:?run npm run secrets}',
        GF_USERS_ALLOW_SIGN_UP: 'false',
      });
    });

    test('only the reader of the logs has the socket of Docker', () => {
      const withSocket = services.filter(([, { volumes = [] }]) =>
        volumes.some((each) => each.includes('docker.sock')),
      );
      expect(withSocket.map(([name]) => name)).toEqual(['alloy']);
      expect(text).not.toContain('privileged:');
    });

    test('finds its configuration where the containers have it', () => {
      /** The file of the project that a container has at this path. */
      const locate = (name: string, inside: string) => {
        const mount = named[name]?.volumes
          ?.map((each) => each.split(':'))
          .find(([, to = ' ']) => inside.startsWith(`${to}/`));
        return path.join(String(mount?.[0]), inside.slice(String(mount?.[1]).length));
      };
      for (const [name, argument] of [
        ['prometheus', '--config.file='],
        ['tempo', '-config.file='],
        ['loki', '-config.file='],
        ['alloy', '/etc/alloy/'],
      ] as const) {
        const found = named[name]?.command?.find((each) => each.startsWith(argument)) ?? '';
        const inside = argument.endsWith('=') ? found.slice(argument.length) : found;
        expect(() => statSync(locate(name, inside))).not.toThrow();
      }
      const [provider] = read('grafana/provisioning/dashboards/shop.yml')['providers'] as Tree[];
      const folder = String((provider?.['options'] as Tree)['path']);
      expect(readdirSync(locate('grafana', `${folder}/`)).length).toBe(3);
    });

    test('Prometheus scrapes every process at its port of the metrics', () => {
      const base = Number(/\d+/.exec(named['gateway']?.environment?.['METRICS_PORT'] ?? '')?.[0]);
      const [job] = read('prometheus/prometheus.yml')['scrape_configs'] as Tree[];
      const found = (job?.['dns_sd_configs'] as Tree[]).map(({ names, port, type }) => [names, port, type]);
      expect(found).toEqual(['gateway', ...serviceNames].map((name, index) => [[name], base + index, 'A']));
      const file = readFileSync('deploy/observability/prometheus/prometheus.yml', 'utf8');
      expect(updatePrometheusFile(file)).toBe(file);
    });

    test('the sources of Grafana are services at their ports, and lead from a line to its trace and back', () => {
      const { datasources } = read('grafana/provisioning/datasources/shop.yml') as { datasources: Tree[] };
      const { server, distributor } = read('tempo/tempo.yml') as { server: Tree; distributor: Tree };
      const ports: Record<string, unknown> = {
        prometheus: 9090,
        tempo: server['http_listen_port'],
        loki: (read('loki/loki.yml')['server'] as Tree)['http_listen_port'],
      };
      for (const { type, uid, url } of datasources) {
        expect(uid).toBe(type);
        expect(url).toBe(`http://${String(type)}:${String(ports[String(type)])}`);
      }
      const settings = (type: string) => datasources.find((each) => each['type'] === type)?.['jsonData'] as Tree;
      expect(settings('tempo')['tracesToLogsV2']).toMatchObject({ datasourceUid: 'loki' });
      const [field] = settings('loki')['derivedFields'] as Tree[];
      expect(field).toMatchObject({ datasourceUid: 'tempo', url: '$${__value.raw}' });
      const id = '0af7651916cd43dd8448eb211c80319c';
      const line = JSON.stringify({ level: 'info', traceId: id, msg: 'request' });
      expect(new RegExp(String(field?.['matcherRegex'])).exec(line)?.[1]).toBe(id);
      // What docs/operations/observe.md and .env.example name as the address of traces.
      expect(distributor).toMatchObject({ receivers: { otlp: { protocols: { http: { endpoint: '0.0.0.0:4318' } } } } });
      expect(example).toContain('OTEL_EXPORTER_OTLP_ENDPOINT=http://tempo:4318');
      const alloy = readFileSync('deploy/observability/alloy/config.alloy', 'utf8');
      expect(alloy).toContain(
        `url = "${String(datasources.find((each) => each['type'] === 'loki')?.['url'])}/loki/api/v1/push"`,
      );
      expect(alloy).toContain(`sys.env("${Object.keys(named['alloy']?.environment ?? {}).join()}")`);
      expect(named['alloy']?.environment).toEqual({
        COMPOSE_PROJECT_NAME: `\${COMPOSE_PROJECT_NAME:-${compose.name}}`,
      });
    });
  });

  test('each subgraph is built, seeded, migrated, reached and waited for according to the table of services', () => {
    for (const name of serviceNames) {
      const variables = nameVariables(name);
      const databaseUrl = `postgres://shop_${name}:\${${variables.databasePassword}:?run npm run secrets}@postgres:5432/shop_${name}`;
      expect(compose.services['migrate']?.environment).toMatchObject({ [variables.databaseUrl]: databaseUrl });
      expect(compose.services[name]).toMatchObject({
        command: ['node', `dist/${name}.js`],
        environment: {
          [variables.port]: String(table[name].port),
          [variables.databaseUrl]: databaseUrl,
          NATS_URL: `nats://${name}:\${${variables.natsPassword}:?run npm run secrets}@nats:4222`,
        },
        depends_on: {
          [table[name].hasSeed ? `${name}-seed` : 'migrate']: { condition: 'service_completed_successfully' },
        },
      });
      expect(Object.hasOwn(compose.services, `${name}-seed`)).toBe(table[name].hasSeed);
      expect(compose.services['gateway']).toMatchObject({
        environment: { [variables.url]: `http://${name}:${table[name].port}` },
        depends_on: { [name]: { condition: 'service_healthy' } },
      });
    }
    expect(compose.services[`${tokenIssuer}-seed`]?.environment).toHaveProperty('ADMIN_PASSWORD');
  });

  test('the blocks from the table of services are up to date', () => {
    expect(updateComposeFile(text)).toBe(text);
    expect(updateEnvExample(example)).toBe(example);
  });

  test('a manually edited block is written again, and other lines stay', () => {
    const edited = text.replace(`dist/${tokenIssuer}.js`, 'dist/other.js');
    const withComment = edited.replace('# generated: seeds', '# A comment of a person.\n  # generated: seeds');
    expect(withComment).not.toBe(text);
    expect(updateComposeFile(withComment)).toBe(
      text.replace('# generated: seeds', '# A comment of a person.\n  # generated: seeds'),
    );
    expect(() => updateComposeFile(text.replace('# generated: seeds', ''))).toThrow(
      'docker-compose.yml has no block "seeds". Restore the lines "# generated: seeds" and "# end of generated".',
    );
  });

  test('the broker has the users of npm start, with the same rights', () => {
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

test('each database role of the containers may connect to its own database only', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'databases-'));
  const server = await startPostgres({ dataDir: path.join(directory, 'data'), fsync: false });
  const passwords = Object.fromEntries(
    serviceNames.map((name) => [nameVariables(name).databasePassword, `password-of-${name}`]),
  );
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

    const urls = serviceNames.map((name) => {
      const url = new URL(String(readEnvironment('migrate', passwords)[nameVariables(name).databaseUrl]));
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

  test('fills in every secret, in a file that only its owner reads, and never overwrites it', () => {
    expect(run()).toMatchObject({ status: 0 });
    expect(statSync(output).mode & 0o777).toBe(0o600);
    const written = readFileSync(output, 'utf8');
    expect(written).not.toMatch(/^[A-Z_]+=$/m);
    expect(run()).toMatchObject({ status: 1, stderr: expect.stringContaining('left as it is') as unknown });
    expect(readFileSync(output, 'utf8')).toBe(written);
  });

  test('writes values that the processes in the containers accept', () => {
    const env = Object.fromEntries(
      [...readFileSync(output, 'utf8').matchAll(/^([A-Z_]+)='(.*)'$/gm)].map((match) => [
        String(match[1]),
        String(match[2]),
      ]),
    );
    const gateway = loadConfig(
      'gateway',
      { INTERNAL_TOKEN_KEY: fields.privateJwk(), USER_URL: fields.httpUrl() },
      readEnvironment('gateway', env),
    );
    const user = loadConfig(
      'user',
      {
        INTERNAL_TOKEN_JWKS: fields.publicJwks(),
        ACCESS_TOKEN_KEY: fields.privateJwk(),
        USER_DATABASE_URL: fields.postgresUrl(),
        NATS_URL: fields.natsUrl(),
      },
      readEnvironment('user', env),
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
  test('copies only files that exist, and the schema of every subgraph', () => {
    const [, list = ''] = /cp --parents -r ([^&]+?) \/runtime\b/.exec(dockerfile.replace(/\s*\\\n\s*/g, ' ')) ?? [];
    const sources = list.split(' ').filter((source) => source !== 'subgraphs/*/schema.graphql');
    expect(sources.length).toBe(list.split(' ').length - 1);
    expect(sources.length).toBeGreaterThan(4);
    for (const source of sources) expect(() => statSync(source)).not.toThrow();
    for (const name of serviceNames) expect(() => statSync(`subgraphs/${name}/schema.graphql`)).not.toThrow();
  });

  test('gives the programs the files that they read, and no other source files', () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'image-'));
    try {
      const command = /cp --parents -r [^&]+?(?= \/runtime\b)/.exec(dockerfile.replace(/\s*\\\n\s*/g, ' '))?.[0];
      const { status, stderr } = spawnSync('sh', ['-c', `${command} ${directory}`], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(readdirSync(path.join(directory, 'subgraphs')).sort()).toEqual([...serviceNames].sort());
      for (const name of serviceNames) {
        expect(readdirSync(path.join(directory, 'subgraphs', name))).toEqual(['schema.graphql']);
        expect(readdirSync(path.join(directory, 'prisma', name))).toContain('migrations');
      }
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  test('.dockerignore includes the files that the build reads', async () => {
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

  test.each([
    [200, 0],
    [503, 1],
    [404, 1],
  ])('the health check of a service that answers %i exits with %i', async (status, expected) => {
    const paths: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      paths.push(request.url);
      response.writeHead(status).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      expect(await checkHealth((server.address() as AddressInfo).port)).toBe(expected);
      expect(paths).toEqual(['/health/ready']);
    } finally {
      server.close();
    }
  });

  test.each([
    [200, 0],
    [503, 1],
  ])('so does that of a service with TLS that answers %i, with %i', async (status, expected) => {
    const server = createTlsServer(await createCertificate(), (_request, response) => response.writeHead(status).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      expect(await checkHealth((server.address() as AddressInfo).port, { TLS_CERT_FILE: 'cert.pem' })).toBe(expected);
    } finally {
      server.close();
    }
  });

  test('the health check fails when nothing listens', async () => {
    expect(await checkHealth(1)).toBe(1);
    expect(await checkHealth(1, { TLS_CERT_FILE: 'cert.pem' })).toBe(1);
  });
});

/** Runs the health check of the containers; returns its exit code. */
async function checkHealth(port: number, env: NodeJS.ProcessEnv = {}): Promise<number> {
  const options = { env: { ...process.env, TLS_CERT_FILE: '', ...env } };
  return promisify(execFile)('bash', ['scripts/healthcheck.sh', String(port)], options).then(
    () => 0,
    (error: { code: number }) => error.code,
  );
}
