import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '@shop/process';
import { generatePassword, loadSecret } from './secrets.ts';
import type { StackOptions } from './types.ts';

/** The passwords of the first accounts, given or generated at the first start. */
export interface Accounts {
  readonly adminEmail: string;
  readonly adminPassword: string;
  /** Password of the demo accounts; `null` without a demo. */
  readonly demoPassword: string | null;
  /** Reports a generated password once, and later only the file that has it. */
  announce(report: Report): Promise<void>;
}

/** The accounts that the demo data creates, for the terminal. */
const DEMO_ACCOUNTS = 'staff@example.com and customer@example.com';

/** Reads the passwords, or generates them. */
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
      if (options.adminPassword === undefined)
        await announceOnce(report, `administrator: ${adminEmail}`, adminPassword, adminFile);
      if (demoPassword !== null && options.demoPassword === undefined)
        await announceOnce(report, `demo accounts: ${DEMO_ACCOUNTS}`, demoPassword, demoFile);
    },
  };
}

async function announceOnce(report: Report, account: string, password: string, file: string): Promise<void> {
  const isKnown = await isReported(file);
  report(isKnown ? `${account}, password in ${file}` : `${account}, password ${password} (kept in ${file})`);
}

/**
 * True when an earlier start reported this file's password. From now on it counts as reported. A failed start reports
 * nothing.
 */
async function isReported(file: string): Promise<boolean> {
  return writeFile(`${file}.told`, '', { flag: 'wx', mode: 0o600 }).then(
    () => false,
    () => true,
  );
}
