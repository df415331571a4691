import path from 'node:path';
import type { ServiceName } from '@shop/contracts';
import { ExpectedError } from '@shop/process';
import pg from 'pg';
import { describeConnectionError } from '../databases/database-errors.ts';
import { connect, type Target } from '../databases/targets.ts';
import { type AppliedMigrations, applyMigrations } from '../migrate/apply.ts';
import type { FoundArchive } from './archive/archive-directory.ts';
import { readDatabaseFile } from './archive/database-file.ts';
import type { ArchiveKeys } from './archive/encryption.ts';
import type { ArchivedDatabase } from './archive/manifest.ts';
import { checkBackup } from './check-backup.ts';
import { emptySchema, findFilledTable } from './database/empty-schema.ts';
import { createLoader } from './database/load-script.ts';
import { createMigratedSchema, listMigrations } from './database/migrated-schema.ts';
import { majorOf } from './database/pg-dump.ts';
import { SESSION_SETTINGS } from './database/snapshot.ts';

/** Options of {@link restoreBackup}. */
export interface RestoreOptions {
  readonly archive: FoundArchive;
  readonly targets: readonly Target[];
  /** The root of the project, with `prisma`. */
  readonly root: string;
  readonly key: Buffer | undefined;
  /** True replaces databases that have rows. */
  readonly replace: boolean;
  readonly onProgress: (part: number, text: string) => void;
  readonly signal: AbortSignal;
}

/** The databases that were restored, and how. */
export interface Restoration {
  readonly databases: readonly ArchivedDatabase[];
  /** The migrations that this release had in addition. */
  readonly migrated: readonly AppliedMigrations[];
}

/** A database that is being restored, in an open transaction. */
interface Restoring {
  readonly target: Target;
  readonly database: ArchivedDatabase;
  readonly client: pg.Client;
}

/**
 * Restores databases from an archive. The archive is read and checked first. Then each database is loaded in one transaction, and all of
 * them are committed when the last one is complete: an error, Ctrl-C or a power cut before that changes nothing. At last the migrations
 * are applied that this release has in addition.
 *
 * @throws ExpectedError for an archive that is damaged, encrypted with another key or of a later release; for a database that has rows,
 * or is in use, or whose server is older than the archive.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restoration> {
  const { archive, targets, root, key, signal } = options;
  const databases = targets.map((target) => findDatabase(archive, target.name));
  for (const database of databases)
    await requireKnownMigrations(database, migrationsDir(root, database.service), archive);
  const keys = await checkBackup(archive, {
    key,
    signal,
    onProgress: (part, text) => options.onProgress(part * CHECK_PART, text),
  });
  const restoring: Restoring[] = [];
  try {
    for (const [index, target] of targets.entries())
      restoring.push(await beginRestoring(target, databases[index] as ArchivedDatabase, options));
    await loadAll(restoring, keys, options);
    await commitAll(restoring);
  } finally {
    await Promise.all(restoring.map(({ client }) => client.end())); // without a commit, this rolls back
  }
  const migrated = await applyMigrations(root, targets).catch((error: Error) => {
    throw new ExpectedError(
      `The databases are restored as they were, but the migrations since then failed: ${error.message} ` +
        `Correct that, then run: npm run shop -- migrate`,
    );
  });
  // The server has no statistics of the new rows, and would choose slow plans.
  for (const target of targets) await connect(target, (client) => client.query('ANALYZE'));
  return { databases, migrated };
}

/** The part of the time that the check takes, roughly. */
const CHECK_PART = 0.2;

const migrationsDir = (root: string, service: string) => path.join(root, 'prisma', service, 'migrations');

function findDatabase({ path: archive, manifest }: FoundArchive, name: ServiceName): ArchivedDatabase {
  const found = manifest.databases.find(({ service }) => service === name);
  if (found !== undefined) return found;
  const names = manifest.databases.map(({ service }) => service).join(', ');
  throw new ExpectedError(`${archive} has no database of ${name}. It has ${names}: name those with --service.`);
}

async function requireKnownMigrations(
  database: ArchivedDatabase,
  directory: string,
  { path: archive, manifest }: FoundArchive,
) {
  const known = await listMigrations(directory);
  const unknown = database.migrations.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new ExpectedError(
      `${archive} was made by release ${manifest.release}, whose ${database.service} has the migration ${unknown}. ` +
        'This release does not know it. Restore with that release or a later one.',
    );
}

async function beginRestoring(
  target: Target,
  database: ArchivedDatabase,
  { replace }: RestoreOptions,
): Promise<Restoring> {
  const client = new pg.Client({
    connectionString: target.databaseUrl,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  client.on('error', () => {}); // the running query fails with the same error
  await client.connect().catch((error: unknown) => {
    throw describeConnectionError(target.name, error);
  });
  try {
    await client.query(SESSION_SETTINGS);
    await requireServer(client, database);
    await requireUnused(client, target.name);
    await client.query('BEGIN');
    const filled = replace ? undefined : await findFilledTable(client);
    if (filled !== undefined)
      throw new ExpectedError(
        `The database of ${target.name} is not empty: its table ${filled} has rows. ` +
          `To delete all its data and restore the backup instead, add --replace.`,
      );
    return { target, database, client };
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function requireServer(client: pg.Client, { service, serverVersion }: ArchivedDatabase): Promise<void> {
  const { rows } = await client.query<{ version: string; encoding: string }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding`,
  );
  const [{ version, encoding } = { version: '', encoding: '' }] = rows;
  if (encoding !== 'UTF8')
    throw new ExpectedError(`The database of ${service} has the encoding ${encoding}. Create it with ENCODING 'UTF8'.`);
  if (Number(majorOf(version)) < Number(majorOf(serverVersion)))
    throw new ExpectedError(
      `The backup of ${service} is from PostgreSQL ${serverVersion}, and its database is on ${version}. ` +
        `Restore it on the same or a newer version.`,
    );
}

/** Services of the same role would go on with what they have in memory, and write into the restored rows. */
async function requireUnused(client: pg.Client, name: ServiceName): Promise<void> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*)::int FROM pg_stat_activity
      WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
  );
  const count = rows[0]?.count ?? 0;
  if (count > 0)
    throw new ExpectedError(
      `The database of ${name} is in use by ${count} ${count === 1 ? 'session' : 'sessions'} of its role. Stop the system, then restore.`,
    );
}

async function loadAll(
  restoring: readonly Restoring[],
  keys: ArchiveKeys | undefined,
  options: RestoreOptions,
): Promise<void> {
  const { onProgress } = options;
  const total = restoring.reduce((sum, { database }) => sum + database.scriptBytes, 0);
  let before = 0;
  for (const { target, database, client } of restoring) {
    await load({ target, database, client }, keys, options, (bytes) =>
      onProgress(CHECK_PART + ((before + bytes) / total) * (1 - CHECK_PART), `restoring ${target.name}`),
    ).catch((error: unknown) => {
      throw describeLoadError(target.name, error);
    });
    before += database.scriptBytes;
  }
}

async function load(
  { target, database, client }: Restoring,
  keys: ArchiveKeys | undefined,
  { archive, root, signal }: RestoreOptions,
  onBytes: (bytes: number) => void,
): Promise<void> {
  await emptySchema(client, target.name);
  const finish =
    database.form === 'copy'
      ? await createMigratedSchema(client, migrationsDir(root, target.name), database.migrations)
      : async () => {};
  await readDatabaseFile({ archive: archive.path, database, keys, signal, onPart: createLoader(client), onBytes });
  await finish();
}

/** An error of the server while it loads the script. */
function describeLoadError(name: ServiceName, error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  const reason = [error.message, error.detail].filter((part) => part !== undefined).join(': ');
  return new ExpectedError(`The backup of ${name} could not be loaded: ${reason}. Nothing was changed.`);
}

async function commitAll(restoring: readonly Restoring[]): Promise<void> {
  const done: ServiceName[] = [];
  for (const { target, client } of restoring) {
    await client.query('COMMIT').catch((error: Error) => {
      const rest = restoring.map((each) => each.target.name).filter((name) => !done.includes(name));
      throw new ExpectedError(
        `The restored database of ${target.name} could not be committed: ${error.message}. ` +
          `Restored: ${done.join(', ') || 'none'}. Unchanged: ${rest.join(', ')}. Restore those again with --service.`,
      );
    });
    done.push(target.name);
  }
}
