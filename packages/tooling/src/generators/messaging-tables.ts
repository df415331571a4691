import path from 'node:path';
import { generateTableFiles, TableFilesError } from '@shop/messaging/tables';
import { ExpectedError } from '@shop/process';
import type { CommittedGenerator } from '../generate/generator.ts';
import { listDatabases } from './databases.ts';

/** Writes the migrations and the Prisma models of outbox, inbox and dead letters into each database. */
export const messagingTables: CommittedGenerator = {
  kind: 'committed',
  name: 'messaging tables',
  inputs: (project) => [
    'packages/messaging/sql',
    ...listDatabases(project).map(({ folder }) => `${folder}/migrations`),
  ],
  async run(project) {
    const sql = path.join(project.root, 'packages/messaging/sql');
    const files = await Promise.all(
      listDatabases(project).map(({ folder }) => generateTableFiles(sql, path.join(project.root, folder))),
    ).catch((error: unknown) => {
      throw error instanceof TableFilesError ? new ExpectedError(error.message) : error;
    });
    const entries = files.flatMap((each) => Object.entries(each));
    return Object.fromEntries(
      entries.map(([file, text]) => [path.relative(project.root, file).replaceAll(path.sep, '/'), text]),
    );
  },
};
