import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { MigrationList, SchemasContainer } from '@prisma/schema-engine-wasm';
import { ExpectedError } from '@shop/process';

/** A directory `prisma/<name>` in the form that the engine reads. */
export interface SchemaDirectory {
  /** `<name>`, for messages. */
  readonly name: string;
  readonly schema: SchemasContainer;
  readonly migrations: MigrationList;
}

/** Reads all `*.prisma` files and `migrations/<name>/migration.sql`. */
export async function readSchemaDirectory(directory: string): Promise<SchemaDirectory> {
  const baseDir = join(directory, 'migrations');
  const [files, entries, lockfile] = await Promise.all([
    readSchemaFiles(directory),
    readdir(baseDir, { withFileTypes: true }).catch(() => []),
    readFile(join(baseDir, 'migration_lock.toml'), 'utf8').catch(() => null),
  ]);
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const scripts = await Promise.all(names.map((name) => readFile(join(baseDir, name, 'migration.sql'), 'utf8')));
  return {
    name: basename(directory),
    schema: { files },
    migrations: {
      baseDir,
      lockfile: { path: 'migration_lock.toml', content: lockfile },
      shadowDbInitScript: '',
      migrationDirectories: names.map((name, index) => ({
        path: name,
        migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: scripts[index] ?? '' } },
      })),
    },
  };
}

async function readSchemaFiles(directory: string): Promise<SchemasContainer['files']> {
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.prisma')).sort();
  if (!names.includes('schema.prisma'))
    throw new ExpectedError(`There is no schema.prisma in ${directory}. Run this in the root of the project.`);
  return Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      return { path, content: await readFile(path, 'utf8') };
    }),
  );
}
