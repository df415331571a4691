import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceNames, services } from '@shop/contracts';
import { writeSchema } from '../../migrations/test/write-schema.ts';

const fixtures = join(process.cwd(), 'packages/stack/test/fixtures');

/** A temporary directory, and its removal. */
export async function temporaryDirectory(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'stack-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Writes a project with small programs in place of the built services, and one table in each database. */
export async function makeProject(root: string): Promise<void> {
  await mkdir(join(root, 'dist'), { recursive: true });
  await writeFile(join(root, 'package.json'), '{ "type": "module" }');
  for (const name of ['gateway', 'mailbox', ...serviceNames])
    await cp(join(fixtures, 'service.js'), join(root, 'dist', `${name}.js`));
  for (const name of serviceNames) {
    if (services[name].hasSeed) await cp(join(fixtures, 'seed.js'), join(root, 'dist', `${name}-seed.js`));
    await writeSchema(join(root, 'prisma', name), {
      initial: 'CREATE TABLE "things" ("id" TEXT NOT NULL, CONSTRAINT "things_pkey" PRIMARY KEY ("id"));',
    });
  }
}

/** The lines that the programs of a project recorded. */
export async function readEvents(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
}
