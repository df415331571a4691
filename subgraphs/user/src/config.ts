import { ConfigError, loadConfig } from '@shop/process';
import { z } from 'zod';
import { EXPECTED_KEYS, looksLikeKeys } from './auth/access-token-keys.ts';
import type { KeySource } from './auth/open-access-token-keys.ts';
import type { Limit, ThrottleLimits } from './auth/throttle-limits.ts';
import { isEmail, tidyEmail } from './domain/email.ts';

/** A number of attempts and a number of seconds, as in `10/300`. */
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

const accessTokenKeys = () => z.string().refine(looksLikeKeys, { message: EXPECTED_KEYS });

/** A key of 32 bytes. No message quotes it. */
const formerAddressKey = () =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/, { message: 'must be 32 bytes in base64url, which are 43 characters' })
    .transform((text) => new Uint8Array(Buffer.from(text, 'base64url')));

/** Configuration that only the user subgraph has. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const read = loadConfig(
    'user',
    {
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
      THROTTLE_EMAIL_TAKEN: limit({ points: 100, seconds: 3_600 }),
      THROTTLE_EMAIL_CHANGE: limit({ points: 10, seconds: 3_600 }),
      THROTTLE_LINKS_FROM_ADDRESS: limit({ points: 100, seconds: 3_600 }),
      THROTTLE_LINKS_TO_EMAIL: limit({ points: 5, seconds: 3_600 }),
      FORMER_ADDRESS_KEY: formerAddressKey(),
    },
    env,
  );
  const throttle: ThrottleLimits = {
    accountFromAddress: read.THROTTLE_ACCOUNT_FROM_ADDRESS,
    accountFromStrangers: read.THROTTLE_ACCOUNT_FROM_STRANGERS,
    address: read.THROTTLE_ADDRESS,
    registration: read.THROTTLE_REGISTRATION,
    passwordCheck: read.THROTTLE_PASSWORD_CHECK,
    emailTaken: read.THROTTLE_EMAIL_TAKEN,
    emailChange: read.THROTTLE_EMAIL_CHANGE,
    linksFromAddress: read.THROTTLE_LINKS_FROM_ADDRESS,
    linksToEmail: read.THROTTLE_LINKS_TO_EMAIL,
  };
  return { ...read, throttle, accessTokenKeys: keySource(read), formerAddressKey: read.FORMER_ADDRESS_KEY };
}

/** The file takes precedence over the list, and the list over the single key. */
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

/** Configuration that only the user subgraph's seed has. */
export const readSeedConfig = (env: NodeJS.ProcessEnv) =>
  loadConfig(
    'user-seed',
    {
      ADMIN_EMAIL: z
        .string()
        .transform(tidyEmail)
        .refine(isEmail, { message: 'must be an e-mail address' })
        .default('admin@example.com'),
      ADMIN_PASSWORD: z.string().min(12).max(256),
      /** Password of the demo accounts. Without it, no demo accounts are opened. */
      DEMO_PASSWORD: z.string().min(12).max(256).optional(),
    },
    env,
  );
