import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** Sums the sizes of all files below a directory, in bytes. A file that disappears meanwhile does not count. */
export async function readDirectorySize(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  let bytes = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = await stat(path.join(entry.parentPath, entry.name)).catch(() => undefined);
    bytes += file?.size ?? 0;
  }
  return bytes;
}

/** Sums the sizes of the files of each stream of a broker, by the stream's name. */
export async function readStreamSizes(natsDirectory: string): Promise<Map<string, number>> {
  const entries = await readdir(natsDirectory, { recursive: true, withFileTypes: true });
  const sizes = new Map<string, number>();
  for (const entry of entries) {
    if (!entry.isDirectory() || path.basename(entry.parentPath) !== 'streams') continue;
    sizes.set(entry.name, await readDirectorySize(path.join(entry.parentPath, entry.name)));
  }
  return sizes;
}
