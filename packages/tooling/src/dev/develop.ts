import { once } from 'node:events';
import path from 'node:path';
import { checkDrift } from '@shop/migrations';
import { ExpectedError } from '@shop/process';
import { useTemporaryPostgres, type Stack } from '@shop/stack';
import { watch } from 'chokidar';
import { listPrograms } from '../../../../scripts/setup/bundles.mjs';
import { buildGraphiql } from '../build-graphiql.ts';
import { generate } from '../generate/generate.ts';
import { generators } from '../generate/registry.ts';
import { readSubgraphs, supergraphFile } from '../graph/subgraphs.ts';
import { openProject } from '../project.ts';
import { type DevelopedProgram, developProgram } from './program.ts';

const watched = ['packages', 'subgraphs', 'gateway', 'prisma', 'clients', 'supergraph.yaml'];
const ignored = /(^|[/\\])(node_modules|dist|generated|test|\.data|\.cache)([/\\]|$)|\.test\.ts$/;

/** Editors write temporary files, such as `4913` or `order.ts~`. */
const isSource = (file: string) => /\.(ts|mjs|graphql|prisma|ya?ml|json|sql|html|css)$/.test(file);

/** Changes that come within this time are handled together: editors and git write several files at once. */
const settleMs = 60;

type ServiceName = Parameters<Stack['service']>[0];

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * Watches the project. A change of code restarts the services whose bundles it changes. A change of a schema composes
 * and generates, and restarts the services that read the results. Errors of composing or bundling are printed, and the
 * old process keeps running.
 */
export async function startDevelopment(root: string, stack: Stack): Promise<void> {
  const project = openProject(root);
  const subgraphs = readSubgraphs(project);
  const entries = listPrograms(root);
  const programs = await Promise.all(
    ['gateway', ...subgraphs.map(({ name }) => name)].map((name) => developProgram(root, name, entries[name] ?? '')),
  );
  /** Files that a running service has read, in addition to its bundle. */
  const readAtStart = new Map<string, readonly string[]>([
    ['gateway', [supergraphFile, 'clients/typescript/persisted-operations.json']],
    ...subgraphs.map(({ name, schemaFile }) => [name, [schemaFile]] as const),
  ]);

  /** Texts that were generated here, since the watcher reports them as changes, too. */
  const written = new Map<string, string | undefined>();
  /** Changes that wait until generating succeeds again. */
  let waiting: readonly string[] = [];

  async function handle(changed: readonly string[]): Promise<void> {
    const start = performance.now();
    print(`\nChanged: ${changed.join(', ')}`);
    const missing = findMissingMigrations(root, changed);
    await update(changed, start);
    for (const line of await missing) print(line);
  }

  async function update(changed: readonly string[], start: number): Promise<void> {
    const generated = await generateFiles(root);
    if (generated === undefined) {
      waiting = [...waiting, ...changed];
      return print('The old processes keep running until this is corrected.');
    }
    for (const file of generated) written.set(file, project.read(file));
    const files = [...waiting, ...changed, ...generated];
    waiting = [];
    if (files.some((file) => file.startsWith('gateway/graphiql/'))) await rebuildPage(root);
    const rebuilt = await Promise.all(programs.map((program) => findReason(program, files, readAtStart)));
    const services = rebuilt.filter((name) => name !== undefined);
    if (services.length === 0) return print('No service was restarted.');
    const results = await Promise.all(services.map((name) => restart(stack, name as ServiceName)));
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const live = services.filter((_name, index) => results[index]);
    if (live.length > 0) print(`Restarted ${live.join(', ')}: the change is live after ${seconds} s.`);
  }

  let pending = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let queue = Promise.resolve();
  const watcher = watch(watched, { cwd: root, ignored, ignoreInitial: true });
  watcher.on('all', (event, file) => {
    if (event === 'addDir' || event === 'unlinkDir' || !isSource(file)) return;
    pending.add(file.split(path.sep).join('/'));
    clearTimeout(timer);
    timer = setTimeout(() => {
      const changed = [...pending].sort();
      pending = new Set();
      queue = queue
        .then(() => {
          const others = changed.filter((file) => !written.has(file) || written.get(file) !== project.read(file));
          return others.length === 0 ? undefined : handle(others);
        })
        .catch((error: unknown) => print(String(error)));
    }, settleMs);
  });
  // Changes during the first scan would be missed.
  await once(watcher, 'ready');
  print('Watching for changes. Press Ctrl-C to stop.');
}

/** Returns what a person must do after changes of Prisma schemas: a migration is written and reviewed, never made by itself. */
async function findMissingMigrations(root: string, changed: readonly string[]): Promise<string[]> {
  const names = changed
    .filter((file) => /^prisma\/[^/]+\/schema\.prisma$/.test(file))
    .map((file) => path.posix.basename(path.posix.dirname(file)));
  if (names.length === 0) return [];
  try {
    return await useTemporaryPostgres((adminUrl) =>
      Promise.all(
        names.map(async (name) => {
          const schemaDir = path.join(root, 'prisma', name);
          if ((await checkDrift({ schemaDir, adminUrl })) === null) return `prisma/${name} agrees with its migrations.`;
          return (
            `prisma/${name}/schema.prisma needs a migration, and the change does not work before. Run \`npm run shop -- ` +
            `migrate new ${name} NAME\`, review the SQL, and apply it with \`npm run shop -- migrate\`.`
          );
        }),
      ),
    );
  } catch (error) {
    return [`The migrations could not be checked: ${(error as Error).message}`];
  }
}

/**
 * Generates the files that depend on the changed files; `undefined` when that fails. A Prisma schema waits for its
 * migration.
 */
async function generateFiles(root: string): Promise<string[] | undefined> {
  const only = generators.filter(({ kind }) => kind === 'committed').map(({ name }) => name);
  try {
    const files = await generate({ root, only });
    if (files.length > 0) print(`Generated: ${files.join(', ')}`);
    return files;
  } catch (error) {
    print(error instanceof ExpectedError ? error.message : String(error));
    return undefined;
  }
}

async function rebuildPage(root: string): Promise<void> {
  await buildGraphiql(root).then(
    () => print('Bundled the page of /graphiql: reload it.'),
    () => print('The page of /graphiql could not be bundled.'), // esbuild has printed the reason
  );
}

/** The service's name when it must restart: its bundle or a file that it reads has changed. */
async function findReason(
  program: DevelopedProgram,
  files: readonly string[],
  readAtStart: ReadonlyMap<string, readonly string[]>,
): Promise<string | undefined> {
  const outcome = program.dependsOn(files) ? await program.rebuild() : 'unchanged';
  if (outcome === 'failed') {
    print(`${program.name} could not be bundled: the old process keeps running.`);
    return undefined;
  }
  const hasStaleFile = readAtStart.get(program.name)?.some((file) => files.includes(file)) ?? false;
  return outcome === 'changed' || hasStaleFile ? program.name : undefined;
}

/** True when the service is ready again. */
async function restart(stack: Stack, name: ServiceName): Promise<boolean> {
  const service = stack.service(name);
  try {
    await service.stop();
    await service.start();
    await service.untilReady();
    return true;
  } catch (error) {
    print(`${name} did not become ready: ${(error as Error).message}`);
    return false;
  }
}
