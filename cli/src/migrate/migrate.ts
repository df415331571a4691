import { ConfigError, ExpectedError } from '@shop/process';
import { checkMigrations } from './check-all.ts';
import { readDatabaseConfig, migrateAll, SUBGRAPHS } from '@shop/stack';

// `migrate` brings the three databases up to date and ends: the one-shot service of containers.
// `migrate --check` compares each schema with its migrations, on a PostgreSQL of its own.
try {
  if (process.argv.includes('--check')) {
    await checkMigrations(process.cwd(), (line) => process.stdout.write(`${line}\n`));
  } else {
    const { databaseUrls } = readDatabaseConfig();
    const missing = SUBGRAPHS.filter((name) => databaseUrls[name] === undefined).map(
      (name) => `${name.toUpperCase()}_DATABASE_URL`,
    );
    if (missing.length > 0)
      throw new ExpectedError(`Set ${missing.join(', ')}: the URL of each database that is to be migrated.`);
    process.stdout.write(`migrations ${await migrateAll(process.cwd(), (name) => databaseUrls[name] ?? '')}\n`);
  }
} catch (error) {
  const isExpected = error instanceof ExpectedError || error instanceof ConfigError;
  process.stderr.write(`${isExpected ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exitCode = 1;
}
