import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ExpectedError } from '@shop/process';
import { isAlive, processStartedAt } from '../process/identity.ts';

/** A running stack writes this into its data directory, for other commands and for the next start. */
export interface StackLock {
  readonly pid: number;
  /** Distinguishes the process from a later one with the same pid. */
  readonly startedAt: string | null;
  /** Port of the embedded PostgreSQL, or `null`. */
  readonly postgresPort: number | null;
  /** Port of the gateway. Missing when an earlier release runs. */
  readonly gatewayPort?: number;
}

/** A data directory that belongs to this process until it is released. */
export interface DataDir {
  readonly path: string;
  /** An earlier stack was killed: its last processes may still be stopping. */
  readonly wasAbandoned: boolean;
  release(): Promise<void>;
}

/**
 * Creates the data directory and locks it for this process. The lock of a stack that is gone does not count.
 *
 * @throws ExpectedError when the directory cannot be written, or when another stack uses it.
 */
export async function claimDataDir(
  dataDir: string,
  ports: Pick<StackLock, 'postgresPort' | 'gatewayPort'>,
): Promise<DataDir> {
  const path = resolve(dataDir);
  const file = join(path, 'stack.lock');
  const lock: StackLock = { pid: process.pid, startedAt: await processStartedAt(process.pid), ...ports };
  try {
    await createDirectory(join(path, 'logs'));
    const other = await readLock(path);
    if (other !== null && (await isRunning(other)) && other.pid !== process.pid) {
      throw new ExpectedError(
        `Another stack (process ${other.pid}) runs on ${path}. Stop it, or set DATA_DIR to another directory.`,
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
        `Another stack was started on ${path} at the same time. Set DATA_DIR to another directory.`,
      );
    throw new ExpectedError(
      `The data directory ${path} cannot be written (${code ?? message}). Set DATA_DIR to a directory that you may write.`,
    );
  }
}

/**
 * Creates a directory and its missing parents. Node's own `recursive` repeats without end when a directory rejects a
 * new one with ENOENT, as below /proc.
 *
 * @throws the system's error for the first directory that cannot be created.
 */
async function createDirectory(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await createDirectory(dirname(path));
    await mkdir(path);
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

/** True when the process that wrote the lock still exists. */
export async function isRunning(lock: StackLock): Promise<boolean> {
  return isAlive(lock.pid) && (await processStartedAt(lock.pid)) === lock.startedAt;
}
