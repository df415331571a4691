import { fields, loadConfig } from '@shop/service';
import { z } from 'zod';

/** The user subgraph's environment; the only reader of process.env here. */
export const readConfig = (env = process.env) =>
  loadConfig(
    'user',
    {
      LOG_LEVEL: fields.logLevel(),
      HOST: fields.host(),
      USER_PORT: fields.port(4001),
      USER_DATABASE_URL: fields.postgresUrl(),
      NATS_URL: fields.natsUrl(),
      INTERNAL_TOKEN_JWKS: fields.publicJwks(),
      ACCESS_TOKEN_KEY: fields.privateJwk(),
      ACCESS_TOKEN_ISSUER: z.string().default('federated-commerce'),
      ACCESS_TOKEN_AUDIENCE: z.string().default('federated-commerce-api'),
    },
    env,
  );

/** What seeding the user database needs. */
export const readSeedConfig = (env = process.env) =>
  loadConfig(
    'user-seed',
    {
      LOG_LEVEL: fields.logLevel(),
      USER_DATABASE_URL: fields.postgresUrl(),
      ADMIN_EMAIL: z.email().default('admin@example.com'),
      ADMIN_PASSWORD: z.string().min(12).max(256),
      /** Password of the demo's accounts; without it there are none. */
      DEMO_PASSWORD: z.string().min(12).max(256).optional(),
      SEED: z.enum(['demo', 'none']).default('demo'),
    },
    env,
  );
