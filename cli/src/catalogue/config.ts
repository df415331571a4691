import { fields, loadConfig } from '@shop/process';
import { z } from 'zod';

/** Where the API is, and who the administrator of the local system is: what `npm start` reads as well. */
export function readConfig(env: NodeJS.ProcessEnv = process.env) {
  const read = loadConfig(
    'catalogue',
    {
      GATEWAY_PORT: fields.port(4000),
      DATA_DIR: z.string().default('.data'),
      ADMIN_EMAIL: z.string().default('admin@example.com'),
      ADMIN_PASSWORD: z.string().optional(),
      CATALOGUE_TOKEN: z.string().optional(),
    },
    env,
  );
  return {
    url: `http://127.0.0.1:${read.GATEWAY_PORT}/graphql`,
    token: read.CATALOGUE_TOKEN,
    dataDir: read.DATA_DIR,
    adminEmail: read.ADMIN_EMAIL,
    adminPassword: read.ADMIN_PASSWORD,
  };
}

export type Config = ReturnType<typeof readConfig>;
