import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { formatVersion, inspectBinary, isAtLeast, isSuitable, type NatsBinary, type NatsSource } from '../version.ts';

/** The downloads of earlier starts. All checkouts of this user share them. The newest that runs on this machine is used. */
export function cachedBinary(cacheDir: string): NatsSource {
  return {
    name: 'an earlier download',
    async find() {
      const names = await readdir(cacheDir).catch(() => []);
      const ours = names.filter((name) => name.endsWith(`-${platform()}-${arch()}`));
      const found = await Promise.all(ours.map((name) => inspectBinary(join(cacheDir, name, 'nats-server'))));
      return found.reduce<NatsBinary | null>((best, binary) => {
        if (binary === null || !isSuitable(binary.version)) return best;
        return best === null || isAtLeast(binary.version, best.version) ? binary : best;
      }, null);
    },
  };
}

/**
 * Fills a scratch directory. If that gives a nats-server that runs and keeps events safe, moves it to where {@link cachedBinary}
 * finds it. The move is one rename, so that an interrupted start, or two at the same time, leave no incomplete file.
 *
 * @param fill - Puts files into the given directory and returns the path of the program among them.
 * @returns the cached program, or `null` if it does not run on this machine or is not suitable.
 */
export async function addToCache(
  cacheDir: string,
  fill: (scratch: string) => Promise<string>,
): Promise<NatsBinary | null> {
  await removeAbandoned(cacheDir);
  const scratch = join(cacheDir, `.download-${randomBytes(6).toString('hex')}`);
  await mkdir(join(scratch, 'keep'), { recursive: true });
  try {
    const program = await fill(scratch);
    await chmod(program, 0o755);
    await rename(program, join(scratch, 'keep', 'nats-server'));
    const binary = await inspectBinary(join(scratch, 'keep', 'nats-server'));
    if (binary === null || !isSuitable(binary.version)) return null;
    const home = join(cacheDir, `${formatVersion(binary.version)}-${platform()}-${arch()}`);
    await rename(join(scratch, 'keep'), home).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      // Another start was faster, or the cached file was damaged.
      await rename(join(scratch, 'keep', 'nats-server'), join(home, 'nats-server'));
    });
    return { path: join(home, 'nats-server'), version: binary.version };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Deletes scratch directories that are older than an hour: their downloads were killed. */
async function removeAbandoned(cacheDir: string): Promise<void> {
  const names = await readdir(cacheDir).catch(() => []);
  for (const name of names.filter((candidate) => candidate.startsWith('.download-'))) {
    const createdAt = (await stat(join(cacheDir, name)).catch(() => null))?.mtimeMs ?? Date.now();
    if (Date.now() - createdAt > 3_600_000) await rm(join(cacheDir, name), { recursive: true, force: true });
  }
}
