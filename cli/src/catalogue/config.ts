import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fields, loadConfig } from '@shop/process';
import { isRunning, readLock } from '@shop/stack';
import { z } from 'zod';
import { UnavailableError } from '../command-line/failures.ts';
import type { Credentials } from './api/open-api.ts';

const DEFAULT_PORT = 4000;

/** The API's address and the administrator of the local system. `npm start` reads the same variables. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const read = loadConfig(
    'catalogue',
    {
      GATEWAY_PORT: fields.port(DEFAULT_PORT).unwrap().optional(),
      DATA_DIR: z.string().default('.data'),
      ADMIN_EMAIL: z.string().default('admin@example.com'),
      ADMIN_PASSWORD: z.string().optional(),
      CATALOGUE_TOKEN: z.string().optional(),
    },
    env,
  );
  return {
    gatewayPort: read.GATEWAY_PORT,
    token: read.CATALOGUE_TOKEN,
    dataDir: read.DATA_DIR,
    adminEmail: read.ADMIN_EMAIL,
    adminPassword: read.ADMIN_PASSWORD,
  };
}

/** The API of the local system: at the given port, or at the port of the stack that runs on the data directory. */
export async function findUrl({ gatewayPort, dataDir }: Config): Promise<string> {
  const lock = gatewayPort === undefined ? await readLock(dataDir) : null;
  const found = lock !== null && (await isRunning(lock)) ? lock.gatewayPort : undefined;
  return `http://127.0.0.1:${gatewayPort ?? found ?? DEFAULT_PORT}/graphql`;
}

export type Config = ReturnType<typeof readConfig>;

/** The administrator's account: the password is the given one, or the one that `npm start` has generated. */
export async function readAdminCredentials({ adminEmail, adminPassword, dataDir }: Config): Promise<Credentials> {
  if (adminPassword !== undefined) return { email: adminEmail, password: adminPassword };
  const file = path.join(dataDir, 'secrets', 'admin-password');
  const password = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UnavailableError(
      `${file} cannot be read: set DATA_DIR to the directory of the running system, or set ADMIN_PASSWORD.`,
      { cause },
    );
  });
  return { email: adminEmail, password: password.trim() };
}
