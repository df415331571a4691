import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const fixtures = join(process.cwd(), 'packages/local-stack/test/fixtures');

/** A temporary directory, and its removal. */
export async function temporaryDirectory(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'local-stack-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** A project's root with small programs in place of the built services, and one table a database. */
export async function makeProject(root: string): Promise<void> {
  await mkdir(join(root, 'dist'), { recursive: true });
  await writeFile(join(root, 'package.json'), '{ "type": "module" }');
  for (const name of ['gateway', 'user', 'product', 'order']) await cp(join(fixtures, 'service.js'), join(root, 'dist', `${name}.js`));
  for (const name of ['user-seed', 'product-seed']) await cp(join(fixtures, 'seed.js'), join(root, 'dist', `${name}.js`));
  for (const name of ['user', 'product', 'order']) {
    await writeSchema(join(root, 'prisma', name), { initial: 'CREATE TABLE "things" ("id" TEXT NOT NULL, CONSTRAINT "things_pkey" PRIMARY KEY ("id"));' });
  }
}

const SCHEMA = `datasource db {
  provider = "postgresql"
}

model Thing {
  id String @id

  @@map("things")
}
`;

/** Writes a Prisma schema and migrations by name. */
export async function writeSchema(directory: string, migrations: Record<string, string>, schema = SCHEMA): Promise<void> {
  await mkdir(join(directory, 'migrations'), { recursive: true });
  await writeFile(join(directory, 'schema.prisma'), schema);
  await writeFile(join(directory, 'migrations', 'migration_lock.toml'), 'provider = "postgresql"\n');
  for (const [name, sql] of Object.entries(migrations)) {
    await mkdir(join(directory, 'migrations', name), { recursive: true });
    await writeFile(join(directory, 'migrations', name, 'migration.sql'), sql);
  }
}

/** The lines that the programs of a project wrote down. */
export async function readEvents(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
}
