import { fields, loadConfig } from '@shop/process';
import { z } from 'zod';
import type { StackOptions, SubgraphName } from './stack/types.ts';

/** What `npm start` reads from the environment. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): StackOptions {
  const read = loadConfig(
    'start',
    {
      DATA_DIR: z.string().default('.data'),
      HOST: fields.host(),
      GATEWAY_PORT: fields.port(4000),
      USER_PORT: fields.port(4001),
      PRODUCT_PORT: fields.port(4002),
      ORDER_PORT: fields.port(4003),
      POSTGRES_PORT: fields.port(54329),
      NATS_PORT: fields.port(42229),
      ...databaseUrlFields(),
      NATS_URL: fields.natsUrl().optional(),
      SEED: z.enum(['demo', 'none']).default('demo'),
      ADMIN_EMAIL: z.email().default('admin@example.com'),
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
      user: read.USER_PORT,
      product: read.PRODUCT_PORT,
      order: read.ORDER_PORT,
      postgres: read.POSTGRES_PORT,
      nats: read.NATS_PORT,
    },
    databaseUrls: namedUrls(read),
    natsUrl: read.NATS_URL,
    seed: read.SEED,
    adminEmail: read.ADMIN_EMAIL,
    adminPassword: read.ADMIN_PASSWORD,
    demoPassword: read.DEMO_PASSWORD,
    env,
  };
}

/** What the commands read that work on the databases: those that are named, and where the embedded ones are. */
export function readDatabaseConfig(env: NodeJS.ProcessEnv = process.env): {
  databaseUrls: Partial<Record<SubgraphName, string>>;
  dataDir: string;
} {
  const read = loadConfig('databases', { DATA_DIR: z.string().default('.data'), ...databaseUrlFields() }, env);
  return { databaseUrls: namedUrls(read), dataDir: read.DATA_DIR };
}

function databaseUrlFields() {
  const url = fields.postgresUrl().optional();
  return { USER_DATABASE_URL: url, PRODUCT_DATABASE_URL: url, ORDER_DATABASE_URL: url };
}

type DatabaseUrls = Partial<
  Record<'USER_DATABASE_URL' | 'PRODUCT_DATABASE_URL' | 'ORDER_DATABASE_URL', string | undefined>
>;

function namedUrls(read: DatabaseUrls): Partial<Record<SubgraphName, string>> {
  const urls = { user: read.USER_DATABASE_URL, product: read.PRODUCT_DATABASE_URL, order: read.ORDER_DATABASE_URL };
  return Object.fromEntries(Object.entries(urls).filter(([, url]) => url !== undefined));
}

/** The user subgraph takes no other as a password. */
function passwordField() {
  return z
    .string()
    .min(12, { message: 'must have 12 characters or more' })
    .max(256, { message: 'must have 256 characters or fewer' });
}
