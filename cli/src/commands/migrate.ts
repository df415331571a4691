import { join, relative } from 'node:path';
import { Argument, InvalidArgumentError } from 'commander';
import { type ServiceName, serviceNames } from '@shop/contracts';
import { baselineDatabase, createMigration } from '@shop/migrations';
import { useTemporaryPostgres } from '@shop/stack';
import type { AddCommand, CommandContext } from '../command-line/context.ts';
import { exitCodes } from '../command-line/exit-codes.ts';
import { UsageError } from '../command-line/failures.ts';
import { chosenServices, databasesHelp, jsonOption, serviceOption } from '../command-line/options.ts';
import type { ShopCommand } from '../command-line/shop-command.ts';
import { findTargets } from '../databases/targets.ts';
import { applyMigrations, formatApplied } from '../migrate/apply.ts';
import { checkMigrations } from '../migrate/check-all.ts';
import { loadTooling } from './load-tooling.ts';
import { formatMigrationStatus, isUpToDate, readMigrationStatus } from '../migrate/status.ts';
import { waitForMigrations } from '../migrate/wait.ts';

interface MigrateOptions {
  readonly json?: true;
  readonly service?: ServiceName;
}

export const addMigrate: AddCommand = (shop, context) => {
  const { terminal, env, root } = context;
  const migrate = shop
    .command('migrate')
    .summary('apply and write database migrations')
    .description(
      'Apply the pending migrations to the database of each subgraph. Without a subcommand, it applies them.',
    )
    .addOption(jsonOption())
    .addOption(serviceOption())
    .addHelpText(
      'after',
      `
Examples:
  npm run shop -- migrate
  npm run shop -- migrate status
${databasesHelp}`,
    )
    .action(async ({ json, service }: MigrateOptions) => {
      const targets = await findTargets(chosenServices(service), env);
      const migrations = await applyMigrations(root, targets, (part) => terminal.progress({ part, text: 'migrating' }));
      terminal.finish();
      terminal.print(json === true ? JSON.stringify(migrations, null, 2) : formatApplied(migrations));
    });
  addStatus(migrate, context);
  addWait(migrate, context);
  addCheck(migrate, context);
  addNew(migrate, context);
  addBaseline(migrate, context);
};

function addStatus(migrate: ShopCommand, { terminal, env, root, setExitCode }: CommandContext): void {
  migrate
    .command('status')
    .summary('list the migrations that a database lacks')
    .description(
      'List the migrations that each database has and lacks. It only reads. The exit code is 1 when a database is not up to date.',
    )
    .addHelpText('after', `\nExample:\n  npm run shop -- migrate status --json\n${databasesHelp}`)
    .action(async (_options: object, command: ShopCommand) => {
      const { json, service } = command.optsWithGlobals<MigrateOptions>();
      const statuses = await readMigrationStatus(root, await findTargets(chosenServices(service), env));
      terminal.print(json === true ? JSON.stringify(statuses, null, 2) : formatMigrationStatus(statuses));
      if (!isUpToDate(statuses)) setExitCode(exitCodes.found);
    });
}

function addWait(migrate: ShopCommand, { terminal, env, root, signal }: CommandContext): void {
  migrate
    .command('wait')
    .summary('wait until the migrations of this release are applied')
    .description(
      'Wait until each database has all migrations of this release. It applies none. A database may be newer: the release before ' +
        'works with it. A pod runs this before its service, so that it serves nothing earlier.',
    )
    .option('--timeout <seconds>', 'how long to wait', parseSeconds, 1_500)
    .addHelpText(
      'after',
      `\nExample:\n  npm run shop -- migrate wait --service ${serviceNames[0]} --timeout 60\n${databasesHelp}`,
    )
    .action(async ({ timeout }: { readonly timeout: number }, command: ShopCommand) => {
      const { service } = command.optsWithGlobals<MigrateOptions>();
      const names = chosenServices(service);
      const targets = await findTargets(names, env);
      await waitForMigrations(root, targets, {
        timeoutMs: timeout * 1_000,
        signal,
        report: (line) => terminal.note(line),
      });
      terminal.print(`${names.join(', ')}: the migrations of this release are applied`);
    });
}

function parseSeconds(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of seconds, 1 or more.');
  return Number(text);
}

function addCheck(migrate: ShopCommand, { terminal, root, setExitCode }: CommandContext): void {
  migrate
    .command('check')
    .summary('check that migrations fit the schema, and that the version before survives them')
    .description(
      'Compare each schema.prisma with what its migrations make of an empty database. It starts a PostgreSQL of its own for that. ' +
        'Then check the migrations that another version does not have: it refuses statements that lock a large table, or drop what ' +
        'that version reads.',
    )
    .option('--base <revision>', 'the version before: the newest release by default, or else origin/main or main')
    .addHelpText('after', `\nExample:\n  npm run shop -- migrate check --base origin/main`)
    .action(async ({ base }: { readonly base?: string }) => {
      const { lintMigrations, NothingToCompareError } = await loadTooling();
      await checkMigrations(root);
      terminal.print(`${serviceNames.join(', ')}: schema and migrations agree`);
      const lint = await lintMigrations({ root, ...(base === undefined ? {} : { base }) }).catch((error: unknown) => {
        throw error instanceof NothingToCompareError ? new UsageError(error.message) : error;
      });
      for (const line of lint.refused) terminal.print(line);
      if (lint.refused.length > 0) {
        terminal.note(
          'These statements do not fit a rolling upgrade. See docs/operations/upgrade.md#change-a-database-without-an-outage',
        );
        setExitCode(exitCodes.found);
      } else
        terminal.print(
          lint.base === undefined
            ? 'There is no version to compare with. The check of new migrations is skipped.'
            : `${lint.checked.length} migrations that ${lint.base} does not have: the version before survives them`,
        );
    });
}

const subgraphArgument = () => new Argument('<subgraph>', 'the name of a subgraph').choices(serviceNames);

function addNew(migrate: ShopCommand, { terminal, root }: CommandContext): void {
  migrate
    .command('new')
    .summary('write a migration from a change of schema.prisma')
    .description(
      'Write a migration with the difference between schema.prisma and the existing migrations. It is not applied: read it, and edit ' +
        'it where existing rows need it. It starts a PostgreSQL of its own to find the difference.',
    )
    .addArgument(subgraphArgument())
    .argument('<name>', 'lower-case letters, digits and underscores, such as add_slug')
    .addHelpText('after', `\nExample:\n  npm run shop -- migrate new ${serviceNames[0]} add_slug`)
    .action(async (subgraph: ServiceName, name: string) => {
      const { file, warnings } = await useTemporaryPostgres((adminUrl) =>
        createMigration({ schemaDir: join(root, 'prisma', subgraph), name, adminUrl }),
      );
      for (const warning of warnings) terminal.note(`Warning: ${warning}`);
      terminal.print(`${relative(root, file)} is written. Read it, then apply it with: npm run shop -- migrate`);
    });
}

function addBaseline(migrate: ShopCommand, { terminal, env, root }: CommandContext): void {
  migrate
    .command('baseline')
    .summary('record the migrations of a database that has its tables already')
    .description(
      'Record the migrations as applied in a database that already has their tables, such as one that was made by hand. The ' +
        'database is compared with the migrations first, and nothing is recorded where they differ.',
    )
    .addArgument(subgraphArgument())
    .option('--up-to <migration>', 'the last migration to record; all of them by default')
    .addHelpText('after', `\nExample:\n  npm run shop -- migrate baseline ${serviceNames[0]}\n${databasesHelp}`)
    .action(async (subgraph: ServiceName, { upTo }: { readonly upTo?: string }) => {
      const [target] = await findTargets([subgraph], env);
      const recorded = await useTemporaryPostgres((adminUrl) =>
        baselineDatabase({
          schemaDir: join(root, 'prisma', subgraph),
          databaseUrl: target?.databaseUrl ?? '',
          adminUrl,
          upTo,
        }),
      );
      terminal.print(
        recorded.length === 0
          ? `All migrations of ${subgraph} are recorded already.`
          : `recorded as applied: ${recorded.join(', ')}`,
      );
    });
}
