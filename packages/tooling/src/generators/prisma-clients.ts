import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ExpectedError } from '@shop/process';
import { hashFiles, openStamp } from '../../../../scripts/setup/inputs.mjs';
import type { LocalGenerator } from '../generate/generator.ts';
import type { Project } from '../project.ts';
import { type Database, listDatabases } from './databases.ts';

/** Generates the Prisma client of each database, below the subgraph that owns it. */
export const prismaClients: LocalGenerator = {
  kind: 'local',
  name: 'prisma clients',
  inputs: (project) => listDatabases(project).flatMap(({ schemas }) => schemas),
  isPresent: (project) => listDatabases(project).every((database) => hasClient(project, database)),
  async write(project, { force }) {
    await Promise.all(listDatabases(project).map((database) => writeClient(project, database, force)));
  },
};

function hasClient({ root }: Project, { name }: Database): boolean {
  return existsSync(path.join(root, `subgraphs/${name}/src/db/generated/client.ts`));
}

/** Skips a client whose schema has not changed: Prisma's command line takes seconds for each. */
async function writeClient(project: Project, database: Database, force: boolean): Promise<void> {
  const stamp = openStamp(project.root, `prisma-client-${database.name}`);
  // The lock file has the version of Prisma.
  const hash = await hashFiles(project.root, ['package-lock.json', ...database.schemas]);
  if (!force && hasClient(project, database) && hash === (await stamp.read())) return;
  await runPrismaGenerate(project.root, database.folder);
  await stamp.write(hash);
}

function runPrismaGenerate(root: string, folder: string): Promise<void> {
  const child = spawn(
    process.execPath,
    [path.join(root, 'node_modules/prisma/build/index.js'), 'generate', '--schema', folder],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        // Prisma looks for its native schema engine, which this command does not use, and would download it: any file will do.
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
      },
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new ExpectedError(`prisma generate failed for ${folder}:\n${output.trim()}`)),
    );
  });
}
