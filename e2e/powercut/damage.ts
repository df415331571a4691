import { open, readdir, stat, truncate } from 'node:fs/promises';
import path from 'node:path';
import type { Random } from '@shop/testing';

/** Ways to damage a file. */
const damages = {
  flip: flipBit,
  truncate: cutOff,
} satisfies Record<string, (file: string, random: Random) => Promise<string>>;

export type DamageName = keyof typeof damages;
export const damageNames = Object.keys(damages) as DamageName[];

/**
 * Damages one random file of a stopped broker's streams: a block of messages, or the state of a stream or a consumer.
 *
 * @param natsDir the directory `nats` of a data directory
 * @returns what was done, for a person.
 */
export async function damageStore(natsDir: string, damage: DamageName, random: Random): Promise<string> {
  const file = random.pick(await listFiles(natsDir, () => true));
  return `${path.relative(natsDir, file)}: ${await damages[damage](file, random)}`;
}

/** Inverts a random bit. */
export async function flipBit(file: string, random: Random): Promise<string> {
  const { size } = await stat(file);
  const position = random.below(size);
  const handle = await open(file, 'r+');
  try {
    const byte = Buffer.alloc(1);
    await handle.read(byte, 0, 1, position);
    byte[0] = (byte[0] ?? 0) ^ (1 << random.below(8));
    await handle.write(byte, 0, 1, position);
  } finally {
    await handle.close();
  }
  return `flipped a bit of byte ${position} of ${size}`;
}

/** Cuts off a random number of bytes, at least one. */
export async function cutOff(file: string, random: Random): Promise<string> {
  const { size } = await stat(file);
  const kept = random.below(size);
  await truncate(file, kept);
  return `kept ${kept} of ${size} bytes`;
}

/** The files of all streams that are not empty, in a fixed order. @throws Error when there is none */
export async function listFiles(natsDir: string, accepts: (file: string) => boolean): Promise<string[]> {
  const root = path.join(natsDir, 'jetstream');
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .filter(accepts)
    .sort();
  const sizes = await Promise.all(names.map(async (name) => (await stat(name)).size));
  const files = names.filter((_name, index) => (sizes[index] ?? 0) > 0);
  if (files.length === 0) throw new Error(`There is no such file in ${root}.`);
  return files;
}
