import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '@shop/process';
import { generatePassword, loadSecret } from './secrets.ts';
import type { StackOptions } from './types.ts';

/** Passwords with which a person signs in, given or generated on first start. */
export interface Accounts {
  readonly adminEmail: string;
  readonly adminPassword: string;
  /** Of the demo's accounts; `null` without a demo. */
  readonly demoPassword: string | null;
  /** Tells the person what was generated, once; later it is to be found in the files. */
  announce(report: Report): Promise<void>;
}

/** Reads or makes the passwords. */
export async function loadAccounts(options: StackOptions, secretsDir: string): Promise<Accounts> {
  const adminEmail = options.adminEmail ?? 'admin@example.com';
  const adminFile = join(secretsDir, 'admin-password');
  const demoFile = join(secretsDir, 'demo-password');
  const adminPassword = options.adminPassword ?? (await loadSecret(adminFile, generatePassword));
  const demoPassword =
    options.seed === 'none' ? null : (options.demoPassword ?? (await loadSecret(demoFile, generatePassword)));
  return {
    adminEmail,
    adminPassword,
    demoPassword,
    async announce(report) {
      const isAdminTold = options.adminPassword !== undefined || (await isTold(adminFile));
      const isDemoTold = demoPassword === null || options.demoPassword !== undefined || (await isTold(demoFile));
      if (!isAdminTold) report(`administrator: ${adminEmail}, password ${adminPassword} (kept in ${adminFile})`);
      if (!isDemoTold)
        report(
          `demo accounts: staff@example.com and customer@example.com, password ${demoPassword} (kept in ${demoFile})`,
        );
    },
  };
}

/** Whether the person has been told what is in this file; from now on it is so. A start that failed before has told nothing. */
async function isTold(file: string): Promise<boolean> {
  return writeFile(`${file}.told`, '', { flag: 'wx', mode: 0o600 }).then(
    () => false,
    () => true,
  );
}
