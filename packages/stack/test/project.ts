import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSchema } from '../../migrations/test/write-schema.ts';

const fixtures = join(process.cwd(), 'packages/stack/test/fixtures');

/** A temporary directory, and its removal. */
export async function temporaryDirectory(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'stack-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** A project's root with small programs in place of the built services, and one table a database. */
export async function makeProject(root: string): Promise<void> {
  await mkdir(join(root, 'dist'), { recursive: true });
  await writeFile(join(root, 'package.json'), '{ "type": "module" }');
  for (const name of ['gateway', 'user', 'product', 'order'])
    await cp(join(fixtures, 'service.js'), join(root, 'dist', `${name}.js`));
  for (const name of ['user-seed', 'product-seed'])
    await cp(join(fixtures, 'seed.js'), join(root, 'dist', `${name}.js`));
  for (const name of ['user', 'product', 'order']) {
    await writeSchema(join(root, 'prisma', name), {
      initial: 'CREATE TABLE "things" ("id" TEXT NOT NULL, CONSTRAINT "things_pkey" PRIMARY KEY ("id"));',
    });
  }
}

/** The lines that the programs of a project wrote down. */
export async function readEvents(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
}
