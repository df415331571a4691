import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** A file system of a few megabytes that a test can fill. */
export interface SmallDisk {
  /** Its root directory. */
  readonly path: string;
  /** Fills it to the last byte, so that a write fails with ENOSPC. */
  fill(): Promise<void>;
  /** Frees the space that {@link fill} took. */
  free(): Promise<void>;
  /** Stop its users first. */
  remove(): Promise<void>;
}

const run = promisify(execFile);

/** Tries to mount a small disk. Only root on Linux may do so, and in a container only a privileged root. */
export function canMountSmallDisks(): boolean {
  const directory = mkdtempSync(path.join(tmpdir(), 'commerce-test-'));
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory]).status === 0;
  if (isMounted) spawnSync('umount', [directory]);
  rmdirSync(directory);
  return isMounted;
}

/**
 * Mounts a file system of its own in memory.
 *
 * @throws Error when this machine does not allow it: see {@link canMountSmallDisks}.
 */
export async function mountSmallDisk({ megabytes }: { megabytes: number }): Promise<SmallDisk> {
  const directory = await temporaryDirectory();
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', directory.path]);
  const filler = path.join(directory.path, 'filler');
  return {
    path: directory.path,
    fill: () => writeUntilFull(filler),
    free: () => rm(filler, { force: true }),
    async remove() {
      // A process that was killed a moment ago may still have a file open.
      await eventually(() => run('umount', [directory.path]));
      await directory.remove();
    },
  };
}

async function writeUntilFull(file: string): Promise<void> {
  const handle = await open(file, 'a');
  try {
    for (const size of [1024 * 1024, 4096]) {
      const block = Buffer.alloc(size);
      for (let isFull = false; !isFull;) {
        isFull = await handle.appendFile(block).then(
          () => false,
          (error: NodeJS.ErrnoException) => {
            if (error.code === 'ENOSPC') return true;
            throw error;
          },
        );
      }
    }
  } finally {
    await handle.close();
  }
}
