import { readFileSync, statfsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hasSharedServers } from './config.ts';

export interface TemporaryDirectory {
  readonly path: string;
  remove(): Promise<void>;
}

/** Where Linux has a file system in memory. */
const MEMORY = '/dev/shm';

/** Bytes that a run of all tests may need there. */
const NEEDED = 2 * 1024 ** 3;

/** Bytes of memory that its processes need besides. */
const LEFT = 8 * 1024 ** 3;

/**
 * Creates a directory. In a run of tests it is in memory, if the machine has enough of it: they create hundreds of databases with hundreds
 * of files each, and on a disk that takes a sixth of the processor's time. A test on a file system of its own makes that itself.
 */
export async function temporaryDirectory(): Promise<TemporaryDirectory> {
  const directory = await mkdtemp(path.join(chooseParent(), 'commerce-test-'));
  return {
    path: directory,
    remove: () => rm(directory, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** A folder that `TMPDIR` names wins. A benchmark stays on the disk: it measures what a flush costs. */
function chooseParent(): string {
  return hasSharedServers() && tmpdir() === '/tmp' && hasRoomInMemory() ? MEMORY : tmpdir();
}

function hasRoomInMemory(): boolean {
  try {
    const mount = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .find(([, target]) => target === MEMORY);
    if (mount?.[2] !== 'tmpfs' || mount[3]?.split(',').includes('noexec') === true) return false;
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= NEEDED && process.availableMemory() >= NEEDED + LEFT;
  } catch {
    return false; // no Linux
  }
}
