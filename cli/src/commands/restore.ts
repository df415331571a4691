import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Argument, Option } from 'commander';
import { type ServiceName, serviceNames } from '@shop/contracts';
import { findArchive } from '../backup/archive/archive-directory.ts';
import { readBackupConfig } from '../backup/config.ts';
import { findOldestMoment, formatDatabases } from '../backup/format.ts';
import { restoreBackup, type Restoration } from '../backup/restore-backup.ts';
import type { AddCommand } from '../command-line/context.ts';
import { databasesHelp, jsonOption } from '../command-line/options.ts';
import { useDatabases } from '../databases/use-databases.ts';
import { formatApplied } from '../migrate/apply.ts';
import { backupKeyHelp, directoryOption } from './backup.ts';

interface RestoreOptions {
  readonly directory?: string;
  readonly service?: readonly ServiceName[];
  readonly replace?: true;
  readonly json?: true;
}

/** Events that were on their way at the moment of a backup are published again too. */
const MARGIN_MS = 60_000;

export const addRestore: AddCommand = (shop, { terminal, env, root, signal }) => {
  shop
    .command('restore')
    .summary('restore the databases from a backup')
    .description(
      'Restore databases from a backup, while the system is stopped. The backup is checked first. Then all databases are restored, or ' +
        'none is changed. A backup of an older release gets the migrations of this one.',
    )
    .addArgument(new Argument('<backup>', 'the path or the name of a backup, or latest'))
    .option('--replace', 'delete the data of databases that are not empty')
    .addOption(new Option('--service <names...>', 'only these subgraphs; all of them by default').choices(serviceNames))
    .addOption(directoryOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  npm run shop -- restore latest
  npm run shop -- restore /mnt/backups/shop-20261120T143000000Z --replace
  npm run shop -- restore latest --replace --service ${serviceNames[0]}
${databasesHelp}
  Embedded databases are started for the command. Without a data directory, it creates one.
${backupKeyHelp}`,
    )
    .action(async (which: string, { directory, service, replace, json }: RestoreOptions) => {
      const config = await readBackupConfig(env);
      const archive = await findArchive(directory ?? config.directory, which);
      const use = { names: service ?? serviceNames, env, isExclusive: true };
      const { restored, hasForgotten } = await useDatabases(use, async ({ targets, startedOn }) => {
        const result = await restoreBackup({
          archive,
          targets,
          root,
          key: config.key,
          replace: replace === true,
          signal,
          onProgress: (part, text) => terminal.progress({ part, text }),
        });
        // The streams may have events that the restored databases no longer know. What is missing in them comes from the outboxes.
        if (startedOn !== undefined) await rm(join(startedOn, 'nats'), { recursive: true, force: true });
        return { restored: result, hasForgotten: startedOn !== undefined };
      });
      terminal.finish();
      const steps = listNextSteps(restored, hasForgotten);
      if (json === true)
        return terminal.print(JSON.stringify({ path: archive.path, ...restored, next: steps }, null, 2));
      terminal.print(formatDatabases(restored.databases));
      terminal.print(`${formatApplied(restored.migrated)}\n`);
      terminal.print(['Next:', ...steps.map((step, index) => `  ${index + 1}. ${step}`)].join('\n'));
    });
};

function listNextSteps({ databases }: Restoration, hasForgotten: boolean): string[] {
  const since = new Date(findOldestMoment(databases).getTime() - MARGIN_MS).toISOString();
  return [
    ...(hasForgotten
      ? []
      : [
          'Delete the streams of the broker: they have events that the databases no longer know (docs/operations/restore.md).',
        ]),
    'Start the system: npm start',
    `Publish events again that a database misses: npm run events -- republish --since ${since}`,
    'Compare the databases: npm run reconcile',
  ];
}
