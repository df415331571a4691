import { fields, loadConfig } from '@shop/process';
import { z } from 'zod';

/** The product subgraph's environment; the only reader of process.env here. */
export const readConfig = (env = process.env) =>
  loadConfig(
    'product',
    {
      LOG_LEVEL: fields.logLevel(),
      HOST: fields.host(),
      PRODUCT_PORT: fields.port(4002),
      PRODUCT_DATABASE_URL: fields.postgresUrl(),
      NATS_URL: fields.natsUrl(),
      INTERNAL_TOKEN_JWKS: fields.publicJwks(),
    },
    env,
  );

/** What seeding the product database needs. */
export const readSeedConfig = (env = process.env) =>
  loadConfig(
    'product-seed',
    {
      LOG_LEVEL: fields.logLevel(),
      PRODUCT_DATABASE_URL: fields.postgresUrl(),
      SEED: z.enum(['demo', 'none']).default('demo'),
    },
    env,
  );
