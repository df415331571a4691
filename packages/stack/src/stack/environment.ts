import type { JWK } from 'jose';
import type { Accounts } from './accounts.ts';
import { publicPart, type Secrets } from './secrets.ts';
import type { ServiceName, StackPorts, SubgraphName } from './types.ts';

/** What the services' environments are made from. */
export interface Surroundings {
  /** The person's own environment. */
  readonly inherited: NodeJS.ProcessEnv;
  readonly host: string;
  readonly ports: StackPorts;
  readonly secrets: Secrets;
  readonly seed: 'demo' | 'none';
  readonly accounts: Accounts;
  databaseUrl(name: SubgraphName): string;
  natsUrl(user: string): string;
}

/** Each process gets the secrets that its role needs, so none is inherited. */
const NOT_INHERITED =
  /^(USER|PRODUCT|ORDER)_(DATABASE_)?URL$|^(NATS_URL|INTERNAL_TOKEN_KEY|INTERNAL_TOKEN_JWKS|ACCESS_TOKEN_KEY|ACCESS_TOKEN_KEYS|ACCESS_TOKEN_KEYS_FILE|ADMIN_EMAIL|ADMIN_PASSWORD|DEMO_PASSWORD|SEED)$/;

/** The environment of a service. */
export function serviceEnvironment(name: ServiceName, at: Surroundings): NodeJS.ProcessEnv {
  const { ports, secrets } = at;
  const common = {
    ...shared(at),
    GATEWAY_PORT: String(ports.gateway),
    USER_PORT: String(ports.user),
    PRODUCT_PORT: String(ports.product),
    ORDER_PORT: String(ports.order),
  };
  if (name === 'gateway')
    return { ...common, ...subgraphUrls(at), INTERNAL_TOKEN_KEY: JSON.stringify(secrets.internalTokenKey) };
  return {
    ...common,
    [`${name.toUpperCase()}_DATABASE_URL`]: at.databaseUrl(name),
    NATS_URL: at.natsUrl(name),
    INTERNAL_TOKEN_JWKS: jwks(secrets.internalTokenKey),
    ...(name === 'user' ? { ACCESS_TOKEN_KEYS_FILE: secrets.accessTokenKeysFile } : {}),
  };
}

/** The environment of a program that fills a database. */
export function seedEnvironment(name: SubgraphName, at: Surroundings): NodeJS.ProcessEnv {
  return {
    ...shared(at),
    [`${name.toUpperCase()}_DATABASE_URL`]: at.databaseUrl(name),
    SEED: at.seed,
    ...(name === 'user' ? accountVariables(at.accounts) : {}),
  };
}

function accountVariables({ adminEmail, adminPassword, demoPassword }: Accounts): NodeJS.ProcessEnv {
  return {
    ADMIN_EMAIL: adminEmail,
    ADMIN_PASSWORD: adminPassword,
    ...(demoPassword === null ? {} : { DEMO_PASSWORD: demoPassword }),
  };
}

function shared({ inherited, host }: Surroundings): NodeJS.ProcessEnv {
  const kept = Object.entries(inherited).filter(([name]) => !NOT_INHERITED.test(name));
  return { NODE_ENV: 'development', ...Object.fromEntries(kept), HOST: host };
}

function subgraphUrls({ host, ports }: Surroundings): NodeJS.ProcessEnv {
  return {
    USER_URL: urlAt(host, ports.user),
    PRODUCT_URL: urlAt(host, ports.product),
    ORDER_URL: urlAt(host, ports.order),
  };
}

/** Base URL of a service that listens on `host`, as a process of this machine reaches it. */
export function urlAt(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function jwks(key: JWK): string {
  return JSON.stringify({ keys: [publicPart(key)] });
}
