import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../stack-error.ts';
import { generatePassword, loadSecret } from './secrets.ts';
import type { StackOptions } from './types.ts';

/** Passwords with which a person signs in, given or generated on first start. */
export interface Accounts {
  readonly adminEmail: string;
  readonly adminPassword: string;
  /** Of the demo's accounts; `null` without a demo. */
  readonly demoPassword: string | null;
  /** Tells the person what was generated just now; later it is to be found in the files. */
  announce(report: Report): void;
}

/** Reads or makes the passwords. */
export async function loadAccounts(options: StackOptions, secretsDir: string): Promise<Accounts> {
  const adminEmail = options.adminEmail ?? 'admin@example.com';
  const admin = await keptPassword(options.adminPassword, join(secretsDir, 'admin-password'));
  const demo = options.seed === 'none' ? null : await keptPassword(options.demoPassword, join(secretsDir, 'demo-password'));
  return {
    adminEmail,
    adminPassword: admin.password,
    demoPassword: demo?.password ?? null,
    announce(report) {
      if (admin.isNew) report(`administrator: ${adminEmail}, password ${admin.password} (kept in ${admin.file})`);
      if (demo?.isNew) report(`demo accounts: staff@example.com and customer@example.com, password ${demo.password} (kept in ${demo.file})`);
    },
  };
}

async function keptPassword(given: string | undefined, file: string): Promise<{ password: string; file: string; isNew: boolean }> {
  if (given !== undefined) return { password: given, file, isNew: false };
  const isNew = await access(file).then(() => false, () => true);
  return { password: await loadSecret(file, generatePassword), file, isNew };
}
