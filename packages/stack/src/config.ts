import { homedir } from 'node:os';
import { join } from 'node:path';
import { mapServices, nameVariables, type ServiceName, serviceNames, services } from '@shop/contracts';
import { fields, loadConfig } from '@shop/process';
import { z } from 'zod';
import type { FindNatsOptions } from './nats/find-server.ts';
import type { StackOptions } from './stack/types.ts';

/** The environment of this process, with variables that override it. */
export function readEnvironment(extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...process.env, ...extra };
}

/** Reads the settings of `npm start` from the environment. @throws ConfigError */
export function readConfig(env: NodeJS.ProcessEnv = process.env): StackOptions {
  const read = loadConfig(
    'npm start',
    {
      DATA_DIR: z.string().default('.data'),
      HOST: fields.host(),
      GATEWAY_PORT: fields.port(4000),
      METRICS_PORT: fields.metricsPort(),
      ...portFields,
      POSTGRES_PORT: fields.port(54329),
      NATS_PORT: fields.port(42229),
      MAILBOX_PORT: fields.port(4026),
      MAILBOX_SMTP_PORT: fields.port(4025),
      ...databaseUrlFields('databaseUrl', fields.postgresUrl()),
      ...databaseUrlFields('databaseDirectUrl', fields.postgresUrl()),
      ...databaseUrlFields('databaseReadUrls', fields.postgresUrls()),
      NATS_URL: fields.natsUrl().optional(),
      SMTP_URL: z.string().optional(),
      SEED: z.enum(['demo', 'none'], { message: 'must be demo or none' }).default('demo'),
      ADMIN_EMAIL: z.email({ message: 'must be an e-mail address' }).default('admin@example.com'),
      ADMIN_PASSWORD: passwordField().optional(),
      DEMO_PASSWORD: passwordField().optional(),
    },
    env,
  );
  return {
    dataDir: read.DATA_DIR,
    host: read.HOST,
    ports: {
      gateway: read.GATEWAY_PORT,
      metrics: read.METRICS_PORT,
      ...mapServices((name) => read[nameVariables(name).port]),
      postgres: read.POSTGRES_PORT,
      nats: read.NATS_PORT,
      mailbox: read.MAILBOX_PORT,
      mailbox_smtp: read.MAILBOX_SMTP_PORT,
    },
    databaseUrls: pickUrls('databaseUrl', read),
    databaseDirectUrls: pickUrls('databaseDirectUrl', read),
    databaseReadUrls: pickUrls('databaseReadUrls', read),
    natsUrl: read.NATS_URL,
    smtpUrl: read.SMTP_URL,
    seed: read.SEED,
    adminEmail: read.ADMIN_EMAIL,
    adminPassword: read.ADMIN_PASSWORD,
    demoPassword: read.DEMO_PASSWORD,
    env,
  };
}

/**
 * Reads the databases of a command: the named ones, and the data directory of the embedded ones. @throws ConfigError
 */
export function readDatabaseConfig(env: NodeJS.ProcessEnv = process.env): {
  databaseUrls: Partial<Record<ServiceName, string>>;
  dataDir: string;
} {
  const read = loadConfig(
    'databases',
    {
      DATA_DIR: z.string().default('.data'),
      ...databaseUrlFields('databaseUrl', fields.postgresUrl()),
      ...databaseUrlFields('databaseDirectUrl', fields.postgresUrl()),
    },
    env,
  );
  return {
    // Migrations, and whatever else holds a session, go past a pooler.
    databaseUrls: { ...pickUrls('databaseUrl', read), ...pickUrls('databaseDirectUrl', read) },
    dataDir: read.DATA_DIR,
  };
}

/** The variables that locate nats-server: `NATS_SERVER_BIN`, `XDG_CACHE_HOME`, `PATH`, `NATS_RELEASES_URL`. */
export function readNatsSources(env: NodeJS.ProcessEnv = process.env): FindNatsOptions {
  const read = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  return {
    given: read('NATS_SERVER_BIN'),
    cacheDir: join(read('XDG_CACHE_HOME') ?? join(homedir(), '.cache'), 'federated-commerce', 'nats-server'),
    searchPath: read('PATH') ?? '',
    releasesUrl: read('NATS_RELEASES_URL'),
  };
}

type PortVariable = ReturnType<typeof nameVariables>['port'];
type UrlKind = 'databaseUrl' | 'databaseDirectUrl' | 'databaseReadUrls';
type UrlVariable<Kind extends UrlKind> = ReturnType<typeof nameVariables>[Kind];

const portFields = Object.fromEntries(
  serviceNames.map((name) => [nameVariables(name).port, fields.port(services[name].port)]),
) as Record<PortVariable, ReturnType<typeof fields.port>>;

function databaseUrlFields<Kind extends UrlKind, Field extends z.ZodType>(kind: Kind, field: Field) {
  return Object.fromEntries(serviceNames.map((name) => [nameVariables(name)[kind], field.optional()])) as Record<
    UrlVariable<Kind>,
    z.ZodOptional<Field>
  >;
}

function pickUrls<Kind extends UrlKind>(kind: Kind, read: Partial<Record<UrlVariable<Kind>, string | undefined>>) {
  const urls = serviceNames.map((name) => [name, read[nameVariables(name)[kind] as UrlVariable<Kind>]] as const);
  return Object.fromEntries(urls.filter(([, url]) => url !== undefined)) as Partial<Record<ServiceName, string>>;
}

/** The service that checks passwords accepts only this length. */
function passwordField() {
  return z
    .string()
    .min(12, { message: 'must have 12 characters or more' })
    .max(256, { message: 'must have 256 characters or fewer' });
}
