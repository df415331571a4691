import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { temporaryDirectory } from '@shop/testing';

const execute = promisify(execFile);
/** Root's programs are in directories that not every PATH has. */
const run = (command: string, ...args: string[]) =>
  execute(command, args, {
    env: { PATH: '/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' },
  });

const SIZE = 1_536 * 1024 ** 2;
const COPY_ATTEMPTS = 20;
const UNMOUNT_MS = 20_000;

/** A mounted ext4 file system in a sparse file. */
export interface Disk {
  /** The file. */
  readonly image: string;
  readonly mountPoint: string;
  /**
   * Copies what has reached the disk. The page cache of the mounted file system is not in the copy, as it would not be
   * after a power cut.
   *
   * @throws Error when the system keeps writing, so that no copy is of one moment
   */
  copy(to: string): Promise<void>;
  unmount(): Promise<void>;
}

/** Creates a disk with an empty file system. */
export async function createImage(image: string, size = SIZE): Promise<void> {
  await writeFile(image, '');
  await truncate(image, size);
  // Nothing is left to initialise in the background, so that a stopped system does not write.
  await run('mkfs.ext4', '-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0', image);
}

/** Mounts a disk. A journal that was not finished is replayed. */
export async function mountImage(image: string, mountPoint: string): Promise<Disk> {
  await mkdir(mountPoint, { recursive: true });
  await run('mount', '-t', 'ext4', '-o', 'loop', image, mountPoint); // unmounting also frees the loop device
  const { stdout } = await run('losetup', '--noheadings', '--output', 'NAME', '--associated', image);
  const device = path.basename(stdout.trim());
  return {
    image,
    mountPoint,
    copy: (to) => copyAtOneMoment(image, to, device),
    unmount: () => unmount(mountPoint),
  };
}

/** Copies the file until the device has written nothing in the meantime. Then the copy is the disk at one moment. */
async function copyAtOneMoment(image: string, to: string, device: string): Promise<void> {
  for (let attempt = 0; attempt < COPY_ATTEMPTS; attempt += 1) {
    const before = await readCounters(device);
    await copyImage(image, to);
    const after = await readCounters(device);
    if (before.inFlight === 0 && after.inFlight === 0 && before.writes === after.writes) return;
  }
  throw new Error(`/dev/${device} was written during each of ${COPY_ATTEMPTS} copies.`);
}

/** The completed writes and discards of a device, and its requests in flight: see the kernel's Documentation/block/stat.rst. */
async function readCounters(device: string): Promise<{ writes: string; inFlight: number }> {
  const fields = (await readFile(`/sys/block/${device}/stat`, 'utf8')).trim().split(/\s+/);
  return { writes: `${fields[4]} ${fields[11]}`, inFlight: Number(fields[8]) };
}

/** The last process may still be closing its files. */
async function unmount(mountPoint: string): Promise<void> {
  for (const deadline = Date.now() + UNMOUNT_MS; ; await pause(100)) {
    try {
      await run('umount', mountPoint);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

/** Returns the reason why this machine cannot mount disks, or `null` when it can. */
export async function whyNoDisk(): Promise<string | null> {
  if (process.platform !== 'linux') return 'it needs Linux';
  if (process.getuid?.() !== 0) return 'it needs root, to mount a disk';
  const directory = await temporaryDirectory();
  try {
    const image = path.join(directory.path, 'probe.img');
    await createImage(image, 16 * 1024 ** 2);
    const disk = await mountImage(image, path.join(directory.path, 'probe'));
    await disk.unmount();
    return null;
  } catch (error) {
    return `this machine cannot mount a disk (${(error as Error).message.trim().replaceAll(/\s+/g, ' ')})`;
  } finally {
    await directory.remove();
  }
}

/** Copies a disk. Parts that were never written take no space. */
export const copyImage = async (image: string, to: string): Promise<void> =>
  void (await run('cp', '--sparse=auto', image, to));

/** Deletes a disk. */
export const removeImage = (image: string): Promise<void> => rm(image, { force: true });
