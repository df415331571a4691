import { createLogger, runService } from '@shop/process';
import { createPasswordHasher } from './auth/password-hasher.ts';
import { readSeedConfig } from './config.ts';
import { openDatabase } from './db/database.ts';
import { loadAccountByEmail } from './db/users.ts';
import type { Role } from './domain/role.ts';
import { openAccount } from './use-cases/open-account.ts';

interface Seed {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly role: Role;
}

/** Opens the administrator's account, and the demo's accounts. What exists already stays as it is. */
runService('user-seed', async ({ onStop }) => {
  const config = readSeedConfig();
  const logger = createLogger({ service: 'user-seed', level: config.LOG_LEVEL });
  const database = openDatabase(config.USER_DATABASE_URL);
  onStop('database', () => database.close());

  const seeds: Seed[] = [
    { email: config.ADMIN_EMAIL, name: 'Administrator', password: config.ADMIN_PASSWORD, role: 'ADMIN' },
  ];
  if (config.SEED === 'demo' && config.DEMO_PASSWORD) {
    const password = config.DEMO_PASSWORD;
    seeds.push({ email: 'staff@example.com', name: 'Sam Staff', password, role: 'STAFF' });
    seeds.push({ email: 'customer@example.com', name: 'Casey Customer', password, role: 'CUSTOMER' });
  }
  for (const seed of seeds) {
    if (await loadAccountByEmail(database, seed.email)) continue;
    const hasher = await createPasswordHasher();
    const outcome = await openAccount({ database, hasher, now: () => new Date() }, seed, seed.role, async () => {});
    if (outcome.kind === 'invalid-input') {
      throw new Error(
        `The account ${seed.email} cannot be opened: ${outcome.issues.map(({ path, message }) => `${path}: ${message}`).join('; ')}`,
      );
    }
    logger.info({ email: seed.email, role: seed.role }, 'account opened');
  }
  return 'done';
});
