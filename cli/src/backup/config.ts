import { readFile } from 'node:fs/promises';
import { ExpectedError, loadConfig } from '@shop/process';
import { z } from 'zod';

/** The settings of backups. */
export interface BackupConfig {
  /** The directory of the archives, unless the command names another. */
  readonly directory: string;
  /** The key that encrypts new archives and opens encrypted ones. */
  readonly key: Buffer | undefined;
}

const KEY_BYTES = 32;

/**
 * Reads `BACKUP_DIR`, and the key of `BACKUP_KEY` or of the file that `BACKUP_KEY_FILE` names.
 *
 * @throws ConfigError or ExpectedError; neither quotes the key.
 */
export async function readBackupConfig(env: NodeJS.ProcessEnv): Promise<BackupConfig> {
  const read = loadConfig(
    'backup',
    {
      BACKUP_DIR: z.string().default('backups'),
      BACKUP_KEY: z.string().optional(),
      BACKUP_KEY_FILE: z.string().optional(),
    },
    env,
  );
  const { BACKUP_KEY: text, BACKUP_KEY_FILE: file } = read;
  if (text !== undefined && file !== undefined)
    throw new ExpectedError('BACKUP_KEY and BACKUP_KEY_FILE are both set. Set one of them.');
  if (text !== undefined) return { directory: read.BACKUP_DIR, key: parseKey(text, 'BACKUP_KEY') };
  if (file === undefined) return { directory: read.BACKUP_DIR, key: undefined };
  const content = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new ExpectedError(`BACKUP_KEY_FILE names ${file}, which cannot be read (${cause.code}).`, { cause });
  });
  return { directory: read.BACKUP_DIR, key: parseKey(content.trim(), file) };
}

function parseKey(text: string, source: string): Buffer {
  const key = Buffer.from(text, 'base64'); // reads base64url too
  if (key.length === KEY_BYTES && /^[\w+/-]+=*$/.test(text)) return key;
  throw new ExpectedError(
    `${source} has no key: it must be ${KEY_BYTES} random bytes in base64 or base64url, ` +
      `as "openssl rand -base64 ${KEY_BYTES}" prints them.`,
  );
}
