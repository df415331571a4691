import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { syncDirectory, writeSynced } from '@shop/stack';

/** Two files that were written just before a cut. They prove that the copy is what the disk had at the cut. */
export interface ControlPair {
  /** Returns what is wrong with the files on the disk after the cut. */
  check(directory: string): Promise<string[]>;
}

/** Writes one file that is synced, and then one that is not. */
export async function writeControlPair(directory: string): Promise<ControlPair> {
  const text = randomUUID();
  const [synced, unsynced] = [`${text}-synced`, `${text}-unsynced`];
  await mkdir(directory, { recursive: true });
  await writeSynced(path.join(directory, synced), text);
  await syncDirectory(directory);
  await writeFile(path.join(directory, unsynced), text);
  const hasText = async (file: string): Promise<boolean> => (await readFile(file, 'utf8').catch(() => '')) === text;
  return {
    async check(after) {
      return [
        ...((await hasText(path.join(after, synced))) ? [] : ['control: the synced file is not on the disk']),
        ...((await hasText(path.join(after, unsynced)))
          ? ['control: the unsynced file is on the disk, so this was no power cut']
          : []),
      ];
    },
  };
}
