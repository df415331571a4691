import { ConfigError, fields, loadConfig } from '@shop/process';
import { z } from 'zod';
import { EXPECTED_KEYS, haveFormOfKeys } from './auth/access-token-keys.ts';
import type { KeySource } from './auth/open-access-token-keys.ts';
import type { Limit, ThrottleLimits } from './auth/throttle-limits.ts';

/** So many attempts in so many seconds, as in `10/300`. */
const limit = (preset: Limit) =>
  z
    .string()
    .regex(/^[1-9]\d{0,6}\/[1-9]\d{0,6}$/, {
      message: 'must be a number of attempts, a slash, and a number of seconds, such as 10/300',
    })
    .transform((text): Limit => {
      const [points, seconds] = text.split('/').map(Number) as [number, number];
      return { points, seconds };
    })
    .default(preset);

const accessTokenKeys = () => z.string().refine(haveFormOfKeys, { message: EXPECTED_KEYS });

/** The user subgraph's environment; the only reader of process.env here. */
export const readConfig = (env = process.env) => {
  const read = loadConfig(
    'user',
    {
      LOG_LEVEL: fields.logLevel(),
      HOST: fields.host(),
      USER_PORT: fields.port(4001),
      USER_DATABASE_URL: fields.postgresUrl(),
      NATS_URL: fields.natsUrl(),
      INTERNAL_TOKEN_JWKS: fields.publicJwks(),
      ACCESS_TOKEN_KEY: accessTokenKeys().optional(),
      ACCESS_TOKEN_KEYS: accessTokenKeys().optional(),
      ACCESS_TOKEN_KEYS_FILE: z.string().optional(),
      ACCESS_TOKEN_ISSUER: z.string().default('federated-commerce'),
      ACCESS_TOKEN_AUDIENCE: z.string().default('federated-commerce-api'),
      THROTTLE_ACCOUNT_FROM_ADDRESS: limit({ points: 10, seconds: 300 }),
      THROTTLE_ACCOUNT_FROM_STRANGERS: limit({ points: 100, seconds: 900 }),
      THROTTLE_ADDRESS: limit({ points: 50, seconds: 300 }),
      THROTTLE_REGISTRATION: limit({ points: 300, seconds: 600 }),
      THROTTLE_PASSWORD_CHECK: limit({ points: 10, seconds: 300 }),
    },
    env,
  );
  const throttle: ThrottleLimits = {
    accountFromAddress: read.THROTTLE_ACCOUNT_FROM_ADDRESS,
    accountFromStrangers: read.THROTTLE_ACCOUNT_FROM_STRANGERS,
    address: read.THROTTLE_ADDRESS,
    registration: read.THROTTLE_REGISTRATION,
    passwordCheck: read.THROTTLE_PASSWORD_CHECK,
  };
  return { ...read, throttle, accessTokenKeys: keySource(read) };
};

/** The file counts before the list, and the list before the one key: each takes the place of the next, without removing it. */
function keySource(read: {
  ACCESS_TOKEN_KEYS_FILE?: string | undefined;
  ACCESS_TOKEN_KEYS?: string | undefined;
  ACCESS_TOKEN_KEY?: string | undefined;
}): KeySource {
  if (read.ACCESS_TOKEN_KEYS_FILE !== undefined) return { file: read.ACCESS_TOKEN_KEYS_FILE };
  for (const variable of ['ACCESS_TOKEN_KEYS', 'ACCESS_TOKEN_KEY'] as const) {
    const text = read[variable];
    if (text !== undefined) return { text, variable };
  }
  throw new ConfigError('user', ['ACCESS_TOKEN_KEY is missing (or ACCESS_TOKEN_KEYS, or ACCESS_TOKEN_KEYS_FILE)']);
}

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
