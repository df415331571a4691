import { demoAccounts } from '@shop/contracts';
import { runSeed } from '@shop/subgraph';
import { createPasswordHasher } from './auth/password-hasher.ts';
import { readSeedConfig } from './config.ts';
import { openDatabase } from './db/database.ts';
import { loadAccountByEmail, wasDeleted } from './db/users.ts';
import type { Role } from './domain/role.ts';
import { openAccount } from './use-cases/open-account.ts';

interface Seed {
  readonly id?: string;
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly role: Role;
}

/** Opens the administrator's account and the demo accounts. Accounts that exist stay as they are. */
runSeed({
  service: { name: 'user' },
  openDatabase,
  readConfig: readSeedConfig,
  seed: async ({ config, kind, database, logger, now }) => {
    const seeds: Seed[] = [
      { email: config.ADMIN_EMAIL, name: 'Administrator', password: config.ADMIN_PASSWORD, role: 'ADMIN' },
    ];
    if (kind === 'demo' && config.DEMO_PASSWORD) {
      const password = config.DEMO_PASSWORD;
      seeds.push({ ...demoAccounts.staff, password }, { ...demoAccounts.customer, password });
    }
    for (const seed of seeds) {
      if (await loadAccountByEmail(database, seed.email)) continue;
      const hasher = await createPasswordHasher();
      // Nobody reads mail at the demo accounts' addresses, and the operator chose that of the administrator.
      const start = { role: seed.role, emailVerified: true };
      // Other services refuse the id of an account that was deleted. The account that takes its place has another.
      const named = seed.id !== undefined && !(await wasDeleted(database, seed.id)) ? { id: seed.id } : {};
      const outcome = await openAccount({ database, hasher, now }, seed, { ...start, ...named }, async () => {});
      if (outcome.kind === 'invalid-input') {
        const issues = outcome.issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
        throw new Error(`The account ${seed.email} cannot be opened: ${issues}`);
      }
      logger.info({ email: seed.email, role: seed.role }, 'account opened');
    }
  },
});
