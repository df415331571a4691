import { nameVariables, type ServiceName, serviceNames, tokenIssuer } from '@shop/contracts';
import type { JWK } from 'jose';
import type { Accounts } from './accounts.ts';
import type { Surroundings } from './assembly.ts';
import { publicPart } from './secrets.ts';
import type { ProcessName } from './types.ts';

/** Each process gets only the secrets that it needs, so that none of these is inherited. */
const NOT_INHERITED: ReadonlySet<string> = new Set([
  ...serviceNames.map(nameVariables).flatMap(({ url, databaseUrl }) => [url, databaseUrl]),
  'NATS_URL',
  'INTERNAL_TOKEN_KEY',
  'INTERNAL_TOKEN_JWKS',
  'ACCESS_TOKEN_KEY',
  'ACCESS_TOKEN_KEYS',
  'ACCESS_TOKEN_KEYS_FILE',
  'ADMIN_EMAIL',
  'ADMIN_PASSWORD',
  'DEMO_PASSWORD',
  'SEED',
]);

/** The environment of a process. */
export function serviceEnvironment(name: ProcessName, at: Surroundings): NodeJS.ProcessEnv {
  const { ports, secrets, host, subgraphUrls } = at;
  const common = {
    ...inherit(at),
    GATEWAY_PORT: String(ports.gateway),
    ...mapVariables('port', (service) => String(ports[service])),
  };
  if (name === 'gateway') {
    return {
      ...common,
      ...mapVariables('url', (service) => subgraphUrls[service] ?? urlAt(host, ports[service])),
      INTERNAL_TOKEN_KEY: JSON.stringify(secrets.internalTokenKey),
    };
  }
  return {
    ...common,
    [nameVariables(name).databaseUrl]: at.databaseUrl(name),
    NATS_URL: at.natsUrl(name),
    INTERNAL_TOKEN_JWKS: formatJwks(secrets.internalTokenKey),
    ...(name === tokenIssuer ? { ACCESS_TOKEN_KEYS_FILE: secrets.accessTokenKeysFile } : {}),
  };
}

/** The environment of a program that fills a database. The issuer of tokens also gets the first accounts. */
export function seedEnvironment(name: ServiceName, at: Surroundings): NodeJS.ProcessEnv {
  return {
    ...inherit(at),
    [nameVariables(name).databaseUrl]: at.databaseUrl(name),
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
export function urlAt(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function formatJwks(key: JWK): string {
  return JSON.stringify({ keys: [publicPart(key)] });
}
