import { setTimeout as pause } from 'node:timers/promises';
import { Argument, Option } from 'commander';
import { serviceNames } from '@shop/contracts';
import { deleteOldArchives, findArchive, listArchives } from '../backup/archive/archive-directory.ts';
import { checkBackup } from '../backup/check-backup.ts';
import { readBackupConfig } from '../backup/config.ts';
import { formatArchives, formatDatabases } from '../backup/format.ts';
import { parseInterval } from '../backup/interval.ts';
import { type BackupForm, makeBackup } from '../backup/make-backup.ts';
import type { AddCommand, CommandContext } from '../command-line/context.ts';
import { exitCodes } from '../command-line/exit-codes.ts';
import { explainFailure } from '../command-line/failures.ts';
import { databasesHelp, jsonOption, parseWith, wholeNumber } from '../command-line/options.ts';
import type { ShopCommand } from '../command-line/shop-command.ts';
import { useDatabases } from '../databases/use-databases.ts';

interface CommonOptions {
  readonly directory?: string;
  readonly json?: true;
}

interface BackupOptions extends CommonOptions {
  readonly form: BackupForm;
  readonly keep?: number;
  readonly every?: number;
}

export const directoryOption = () =>
  new Option('--directory <directory>', 'where the backups are; BACKUP_DIR or ./backups by default');

export const archiveArgument = () =>
  new Argument('[backup]', 'the path or the name of a backup, or latest').default('latest');

export const backupKeyHelp = `
Encryption:
  BACKUP_KEY, or the file that BACKUP_KEY_FILE names, has a key of 32 bytes in base64. With a key, new backups are encrypted. Keep
  the key elsewhere: without it they cannot be read.`;

export const addBackup: AddCommand = (shop, context) => {
  const { terminal, signal } = context;
  const backup = shop
    .command('backup')
    .summary('back up the databases, and check backups')
    .description(
      'Write a backup of the database of each subgraph, while the system runs or when it is stopped. Without a subcommand, it makes ' +
        'one. A backup has all personal data of the shop: only its owner may read the files.',
    )
    .addOption(directoryOption())
    .addOption(
      new Option(
        '--form <form>',
        'how databases are read: by pg_dump of the version of the server, or by COPY without any program',
      )
        .choices(['auto', 'pg_dump', 'copy'])
        .default('auto'),
    )
    .option('--keep <count>', 'then delete all backups but the newest ones', wholeNumber(1, 10_000))
    .option(
      '--every <interval>',
      'make one at once and then at this interval, such as 6h or 1d, until it is stopped',
      parseWith(parseInterval),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  npm run shop -- backup
  npm run shop -- backup --directory /mnt/backups --keep 14
  npm run shop -- backup check latest
  npm run shop -- backup list
${databasesHelp}
${backupKeyHelp}`,
    )
    .action(async (options: BackupOptions) => {
      if (options.every === undefined) return runBackup(options, context);
      while (!signal.aborted) {
        const next = Date.now() + options.every;
        // A database that is away for a moment must not end the schedule.
        await runBackup(options, context).catch((error: unknown) => {
          terminal.finish();
          if (!signal.aborted) terminal.note(`No backup was made. ${explainFailure(error).message}`);
        });
        await pause(Math.max(0, next - Date.now()), undefined, { signal }).catch(() => {});
      }
    });
  addCheck(backup, context);
  addList(backup, context);
};

async function runBackup({ form, keep, ...options }: BackupOptions, context: CommandContext): Promise<void> {
  const { terminal, env, root, signal } = context;
  const config = await readBackupConfig(env);
  const directory = options.directory ?? config.directory;
  const { path, manifest } = await useDatabases({ names: serviceNames, env, isExclusive: false }, ({ targets }) =>
    makeBackup({
      targets,
      root,
      directory,
      key: config.key,
      form,
      searchPath: env['PATH'] ?? '',
      signal,
      onProgress: (part, text) => terminal.progress({ part, text }),
    }),
  );
  const deleted = keep === undefined ? [] : await deleteOldArchives(directory, keep);
  terminal.finish();
  if (options.json === true) return terminal.print(JSON.stringify({ path, ...manifest, deleted }, null, 2));
  terminal.print(formatDatabases(manifest.databases));
  terminal.print(`${path} is complete${manifest.encryption === null ? ', and not encrypted' : ', and encrypted'}.`);
  if (deleted.length > 0) terminal.print(`deleted: ${deleted.join(', ')}`);
}

function addCheck(backup: ShopCommand, { terminal, env, signal }: CommandContext): void {
  backup
    .command('check')
    .summary('read a backup to its end and find damage')
    .description(
      'Read a backup to its end, without a database: its manifest, checksums, encryption, compression, and the rows of each table.',
    )
    .addArgument(archiveArgument())
    .addHelpText('after', `\nExample:\n  npm run shop -- backup check latest\n${backupKeyHelp}`)
    .action(async (which: string, _options: object, command: ShopCommand) => {
      const { directory, json } = command.optsWithGlobals<CommonOptions>();
      const config = await readBackupConfig(env);
      const archive = await findArchive(directory ?? config.directory, which);
      await checkBackup(archive, {
        key: config.key,
        signal,
        onProgress: (part, text) => terminal.progress({ part, text }),
      });
      terminal.finish();
      const { path, manifest } = archive;
      if (json === true) return terminal.print(JSON.stringify({ path, ...manifest }, null, 2));
      terminal.print(formatDatabases(manifest.databases));
      terminal.print(`${path} is intact.`);
    });
}

function addList(backup: ShopCommand, { terminal, env, setExitCode }: CommandContext): void {
  backup
    .command('list')
    .summary('list the backups')
    .description(
      'List the complete backups of a directory, the newest first. It reads their manifests only. With --max-age, the exit code is 1 ' +
        'when no backup is so recent.',
    )
    .option(
      '--max-age <interval>',
      'the age that the newest backup may have, such as 26h or 2d',
      parseWith(parseInterval),
    )
    .addHelpText('after', `\nExample:\n  npm run shop -- backup list --directory /mnt/backups --max-age 26h`)
    .action(async (_options: object, command: ShopCommand) => {
      const {
        directory: given,
        json,
        maxAge,
      } = command.optsWithGlobals<CommonOptions & { readonly maxAge?: number }>();
      const directory = given ?? (await readBackupConfig(env)).directory;
      const archives = await listArchives(directory);
      const newest = Date.parse(archives[0]?.manifest.createdAt ?? new Date(0).toISOString());
      if (maxAge !== undefined && Date.now() - newest > maxAge) {
        setExitCode(exitCodes.found);
        terminal.note(`No backup in ${directory} is as recent as --max-age says. Make one: npm run shop -- backup`);
      }
      if (json === true)
        return terminal.print(
          JSON.stringify(
            archives.map(({ path, manifest }) => ({ path, ...manifest })),
            null,
            2,
          ),
        );
      terminal.print(archives.length === 0 ? `${directory} has no backup.` : formatArchives(archives));
    });
}
