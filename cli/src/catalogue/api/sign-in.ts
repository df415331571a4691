import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Complaint } from '../complaint.ts';
import type { Config } from '../config.ts';
import { post } from './post.ts';
import { retry } from './retry.ts';

const LOGIN = `mutation ($input: LoginInput!) {
  login(input: $input) { __typename ... on LoginSuccess { tokens { accessToken } } ... on UserError { message } }
}`;

type Login = { readonly login: { readonly tokens?: { readonly accessToken: string }; readonly message?: string } };

/** Signs in as the administrator whose password `npm start` has generated, or was given. */
export async function signInAsAdmin(url: string, config: Config): Promise<string> {
  const input = { email: config.adminEmail, password: config.adminPassword ?? (await readPassword(config.dataDir)) };
  const { login } = await retry(() => post<Login>(url, null, LOGIN, { input }));
  if (login.tokens === undefined)
    throw new Complaint(`${input.email} could not sign in: ${login.message ?? 'no reason given'}`);
  return login.tokens.accessToken;
}

async function readPassword(dataDir: string): Promise<string> {
  const file = path.join(dataDir, 'secrets', 'admin-password');
  const password = await readFile(file, 'utf8').catch(() => null);
  if (password === null)
    throw new Complaint(
      `${file} cannot be read: set DATA_DIR to the directory of the running system, or ADMIN_PASSWORD.`,
    );
  return password.trim();
}
