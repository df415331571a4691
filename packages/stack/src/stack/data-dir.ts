import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isAlive, processStartedAt } from '../process/identity.ts';
import { makeDirectory } from '../process/make-directory.ts';
import { ExpectedError } from '@shop/process';

/** What a running stack writes into its data directory, for other commands and for the next start. */
export interface StackLock {
  readonly pid: number;
  /** Tells the process from a later one with the same pid. */
  readonly startedAt: string | null;
  /** Port of the embedded PostgreSQL, or `null`. */
  readonly postgresPort: number | null;
}

/** A data directory that belongs to this process until it is released. */
export interface DataDir {
  readonly path: string;
  /** A stack was running on it and did not end in an orderly way: its last processes may still be ending. */
  readonly wasAbandoned: boolean;
  release(): Promise<void>;
}

/**
 * Makes the data directory and takes it for this process. What is left of a stack that is gone is not in the way.
 *
 * @throws ExpectedError when it cannot be written, or when another stack runs on it.
 */
export async function claimDataDir(dataDir: string, postgresPort: number | null): Promise<DataDir> {
  const path = resolve(dataDir);
  const file = join(path, 'stack.lock');
  const lock: StackLock = { pid: process.pid, startedAt: await processStartedAt(process.pid), postgresPort };
  try {
    await makeDirectory(join(path, 'logs'));
    const other = await readLock(path);
    if (other !== null && (await isRunning(other)) && other.pid !== process.pid) {
      throw new ExpectedError(
        `Another stack (process ${other.pid}) runs on ${path}: stop it, or set DATA_DIR to another directory.`,
      );
    }
    await rm(file, { force: true });
    await writeFile(file, JSON.stringify(lock), { flag: 'wx', mode: 0o644 });
    return { path, wasAbandoned: other !== null, release: () => rm(file, { force: true }) };
  } catch (error) {
    if (error instanceof ExpectedError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new ExpectedError(
        `Another stack was started on ${path} at the same time: set DATA_DIR to another directory.`,
      );
    throw new ExpectedError(
      `The data directory ${path} cannot be written (${code ?? message}): set DATA_DIR to one that you may write.`,
    );
  }
}

/** Reads the lock of a data directory; `null` if there is none. */
export async function readLock(path: string): Promise<StackLock | null> {
  const text = await readFile(join(path, 'stack.lock'), 'utf8').catch(() => '');
  try {
    return JSON.parse(text) as StackLock;
  } catch {
    return null;
  }
}

/** Whether the process that wrote the lock still exists. */
export async function isRunning(lock: StackLock): Promise<boolean> {
  return isAlive(lock.pid) && (await processStartedAt(lock.pid)) === lock.startedAt;
}
