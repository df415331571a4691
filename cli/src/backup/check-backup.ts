import type { FoundArchive } from './archive/archive-directory.ts';
import { readDatabaseFile } from './archive/database-file.ts';
import type { ArchiveKeys } from './archive/encryption.ts';
import { unlock } from './archive/manifest.ts';

/** Options of {@link checkBackup}. */
export interface CheckOptions {
  readonly key: Buffer | undefined;
  readonly onProgress: (part: number, text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Reads an archive to its end without a database: the manifest's seal, and each file's checksum, encryption, compression and rows.
 *
 * @returns the keys of its files.
 * @throws ExpectedError naming the first file that is damaged.
 */
export async function checkBackup(
  { path, manifest, seal }: FoundArchive,
  { key, onProgress, signal }: CheckOptions,
): Promise<ArchiveKeys | undefined> {
  const keys = unlock(manifest, seal, key, path);
  const total = manifest.databases.reduce((sum, { scriptBytes }) => sum + scriptBytes, 0);
  let before = 0;
  for (const database of manifest.databases) {
    await readDatabaseFile({
      archive: path,
      database,
      keys,
      signal,
      onPart: () => {},
      onBytes: (bytes) => onProgress((before + bytes) / total, `checking ${database.service}`),
    });
    before += database.scriptBytes;
  }
  return keys;
}
