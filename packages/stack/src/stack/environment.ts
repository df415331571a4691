import { join } from 'node:path';
import {
  nameVariables,
  type ServiceDefinition,
  type ServiceName,
  serviceNames,
  services,
  tokenIssuer,
} from '@shop/contracts';
import type { JWK } from 'jose';
import type { Accounts } from './accounts.ts';
import type { Prepared, Surroundings } from './assembly.ts';
import { publicPart } from './secrets.ts';
import type { ProcessName } from './types.ts';

/** Each process gets only the secrets that it needs, so that none of these is inherited. Subgraphs listen on their ports. */
const NOT_INHERITED: ReadonlySet<string> = new Set([
  ...serviceNames
    .map(nameVariables)
    .flatMap((names) => [names.socket, names.url, names.databaseUrl, names.databaseDirectUrl, names.databaseReadUrls]),
  'NATS_URL',
  'INTERNAL_TOKEN_KEY',
  'INTERNAL_TOKEN_JWKS',
  'ACCESS_TOKEN_KEY',
  'ACCESS_TOKEN_KEYS',
  'ACCESS_TOKEN_KEYS_FILE',
  'FORMER_ADDRESS_KEY',
  'ADMIN_EMAIL',
  'ADMIN_PASSWORD',
  'DEMO_PASSWORD',
  'SEED',
  'SMTP_URL',
  'DKIM_PRIVATE_KEY',
]);

/** The environment of a process. */
export function serviceEnvironment(name: ProcessName, at: Surroundings): NodeJS.ProcessEnv {
  const { ports, secrets, host, subgraphUrls } = at;
  const common = {
    ...inherit(at),
    GATEWAY_PORT: String(ports.gateway),
    METRICS_PORT: String(ports.metrics),
    ...mapVariables('port', (service) => String(ports[service])),
  };
  if (name === 'gateway') {
    return {
      ...common,
      ...mapVariables('url', (service) => subgraphUrls[service] ?? urlAt(host, ports[service])),
      NATS_URL: at.natsUrl(name),
      INTERNAL_TOKEN_KEY: JSON.stringify(secrets.internalTokenKey),
    };
  }
  return {
    ...common,
    [nameVariables(name).databaseUrl]: at.ownDatabaseUrl(name),
    ...definedOnly({
      [nameVariables(name).databaseDirectUrl]: at.databaseDirectUrls[name],
      [nameVariables(name).databaseReadUrls]: at.databaseReadUrls[name],
    }),
    NATS_URL: at.natsUrl(name),
    INTERNAL_TOKEN_JWKS: formatJwks(secrets.internalTokenKey),
    // Some defaults are others with the demo data.
    SEED: at.seed,
    // The issuer of tokens keeps the accounts.
    ...(name === tokenIssuer
      ? { ACCESS_TOKEN_KEYS_FILE: secrets.accessTokenKeysFile, FORMER_ADDRESS_KEY: secrets.formerAddressKey }
      : {}),
    ...(sendsMail(name) ? mailVariables(at) : {}),
  };
}

function definedOnly(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}

function sendsMail(name: ServiceName): boolean {
  return (services[name] as ServiceDefinition).sendsMail ?? false;
}

function mailVariables({ smtpUrl, inherited: { DKIM_PRIVATE_KEY } }: Surroundings): NodeJS.ProcessEnv {
  return { SMTP_URL: smtpUrl, ...(DKIM_PRIVATE_KEY === undefined ? {} : { DKIM_PRIVATE_KEY }) };
}

/** The environment of the embedded mailbox. It keeps its messages in the data directory. */
export function mailboxEnvironment(at: Prepared, host: string): NodeJS.ProcessEnv {
  return {
    ...inherit(at),
    HOST: host,
    MAILBOX_PORT: String(at.ports.mailbox),
    MAILBOX_SMTP_PORT: String(at.ports.mailbox_smtp),
    MAILBOX_DIR: join(at.dataDir, 'mailbox'),
  };
}

/** The environment of a program that fills a database. The issuer of tokens also gets the first accounts. */
export function seedEnvironment(name: ServiceName, at: Surroundings): NodeJS.ProcessEnv {
  return {
    ...inherit(at),
    [nameVariables(name).databaseUrl]: at.ownDatabaseUrl(name),
    SEED: at.seed,
    ...(name === tokenIssuer ? accountVariables(at.accounts) : {}),
  };
}

function accountVariables({ adminEmail, adminPassword, demoPassword }: Accounts): NodeJS.ProcessEnv {
  return {
    ADMIN_EMAIL: adminEmail,
    ADMIN_PASSWORD: adminPassword,
    ...(demoPassword === null ? {} : { DEMO_PASSWORD: demoPassword }),
  };
}

function inherit({ inherited, host }: Surroundings): NodeJS.ProcessEnv {
  const kept = Object.entries(inherited).filter(([name]) => !NOT_INHERITED.has(name));
  return { NODE_ENV: 'development', ...Object.fromEntries(kept), HOST: host };
}

/** One kind of variable for each service, with its value. */
function mapVariables(kind: 'port' | 'url', value: (name: ServiceName) => string): NodeJS.ProcessEnv {
  return Object.fromEntries(serviceNames.map((name) => [nameVariables(name)[kind], value(name)]));
}

/** Base URL of a service that listens on `host`, as a process of this machine reaches it. */
export function urlAt(host: string, port: number, scheme: 'http' | 'https' = 'http'): string {
  if (host === '0.0.0.0' || host === '::') return `${scheme}://127.0.0.1:${port}`;
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The scheme that a process speaks with its environment. Only the gateway has TLS of its own. */
export function schemeOf(name: ProcessName, env: NodeJS.ProcessEnv): 'http' | 'https' {
  return name === 'gateway' && (env['TLS_CERT_FILE'] ?? '') !== '' ? 'https' : 'http';
}

function formatJwks(key: JWK): string {
  return JSON.stringify({ keys: [publicPart(key)] });
}
