import { readFile } from 'node:fs/promises';
import type { Logger } from '@shop/process';
import { type AccessTokenKeys, parseAccessTokenKeys, signingKey } from './access-token-keys.ts';

/** Keys that change while the process runs. */
export interface AccessTokenKeyFile {
  current(): AccessTokenKeys;
  stop(): void;
}

/**
 * Reads keys from a file, and again every `everyMs` (default 2,000): a rotation needs no restart. Reading, where a watch would
 * do, also works on network file systems and on the mounts of containers. A file that cannot be read later, or that holds no key
 * which may sign, changes nothing; the log says so once.
 *
 * @throws BadKeysError, or the file system's error, when it cannot be read at the start
 */
export async function watchAccessTokenKeys(options: {
  file: string;
  logger: Logger;
  everyMs?: number;
}): Promise<AccessTokenKeyFile> {
  const { file, logger, everyMs = 2_000 } = options;
  let seen = await readFile(file, 'utf8');
  let keys = await parseAccessTokenKeys(seen, file);
  let isFailureLogged = false;

  async function readAgain(): Promise<void> {
    try {
      const text = await readFile(file, 'utf8');
      if (text === seen) return;
      const next = await parseAccessTokenKeys(text, file);
      if (signingKey(next, new Date()) === undefined) throw new Error(`${file} has no key that may sign now.`);
      [seen, keys, isFailureLogged] = [text, next, false];
      logger.info({ kids: next.map(({ kid }) => kid) }, 'the keys of access tokens have changed');
    } catch (error) {
      if (!isFailureLogged)
        logger.error({ err: error }, 'the keys of access tokens cannot be read again; those from before are used');
      isFailureLogged = true;
    }
  }

  let isReading = false;
  const timer = setInterval(() => {
    if (isReading) return;
    isReading = true;
    void readAgain().finally(() => (isReading = false));
  }, everyMs);
  timer.unref();
  return { current: () => keys, stop: () => clearInterval(timer) };
}
