import { open } from 'node:fs/promises';

/** Writes a file that a power cut does not empty: returns when the disk has its contents. */
export async function writeSynced(file: string, text: string, options: { readonly mode?: number } = {}): Promise<void> {
  const handle = await open(file, 'w', options.mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Returns when the disk has the names of a directory's files, so that a power cut does not undo a creation or a rename. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
