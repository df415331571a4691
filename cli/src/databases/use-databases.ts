import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { ServiceName } from '@shop/contracts';
import { isRunning, readDatabaseConfig, readLock, startEmbeddedDatabases } from '@shop/stack';
import { UnavailableError } from '../command-line/failures.ts';
import { findTargets, type Target } from './targets.ts';

/** How a command finds databases that nothing serves at the moment. */
export interface DatabaseUse {
  readonly names: readonly ServiceName[];
  readonly env: NodeJS.ProcessEnv;
  /** True for a command that needs the databases for itself: it is refused while a stack runs on them, and may create new ones. */
  readonly isExclusive: boolean;
}

/** The databases of a command. */
export interface UsedDatabases {
  readonly targets: readonly Target[];
  /** The data directory of the embedded databases, when this command started them. */
  readonly startedOn: string | undefined;
}

/**
 * Calls `work` with databases: those that the environment names, those of the running stack, or the embedded ones of a stack that does
 * not run. Those are started for the command and stopped afterwards.
 *
 * @throws UnavailableError when there are none, or when a stack runs and the use is exclusive.
 */
export async function useDatabases<Result>(
  { names, env, isExclusive }: DatabaseUse,
  work: (databases: UsedDatabases) => Promise<Result>,
): Promise<Result> {
  const { databaseUrls, dataDir } = readDatabaseConfig(env);
  if (names.every((name) => databaseUrls[name] !== undefined))
    return work({ targets: await findTargets(names, env), startedOn: undefined });
  const lock = await readLock(dataDir);
  if (lock !== null && (await isRunning(lock))) {
    if (isExclusive) throw new UnavailableError(`The system runs on ${path.resolve(dataDir)}. Stop it first.`);
    return work({ targets: await findTargets(names, env), startedOn: undefined });
  }
  const hasDatabases = await stat(path.join(dataDir, 'postgres')).then(
    () => true,
    () => false,
  );
  // findTargets says which of them is missing, and what to do.
  if (!hasDatabases && !isExclusive) return work({ targets: await findTargets(names, env), startedOn: undefined });
  const embedded = await startEmbeddedDatabases(dataDir);
  try {
    const targets = names.map((name) => ({ name, databaseUrl: databaseUrls[name] ?? embedded.databaseUrl(name) }));
    return await work({ targets, startedOn: dataDir });
  } finally {
    await embedded.stop();
  }
}
