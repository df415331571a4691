import { readFile } from 'node:fs/promises';
import { readFileStamp, type Logger } from '@shop/process';
import { type AccessTokenKeys, parseAccessTokenKeys, signingKey } from './access-token-keys.ts';

/** Keys that can change while the process runs. */
export interface AccessTokenKeyFile {
  current(): AccessTokenKeys;
  stop(): void;
}

/**
 * Reads keys from a file, and again when it changes, so that a key rotation needs no restart. Looking every
 * `everyMs` (default 2,000) also works on network file systems and container mounts, where watching does not.
 * If the file becomes unreadable or has no key that may sign, the old keys stay in use. The log reports it once.
 *
 * @throws BadKeysError, or the file system's error, when the file cannot be read at the start
 */
export async function watchAccessTokenKeys(options: {
  file: string;
  logger: Logger;
  everyMs?: number;
}): Promise<AccessTokenKeyFile> {
  const { file, logger, everyMs = 2_000 } = options;
  let stamp = await readFileStamp(file);
  let seen = await readFile(file, 'utf8');
  let keys = await parseAccessTokenKeys(seen, file);
  let isFailureLogged = false;

  async function readAgain(): Promise<void> {
    try {
      // Before the content is read: a change after this shows at the next look.
      const found = await readFileStamp(file);
      if (found !== undefined && found === stamp) return;
      stamp = found;
      const text = await readFile(file, 'utf8');
      if (text === seen) {
        isFailureLogged = false;
        return;
      }
      const next = await parseAccessTokenKeys(text, file);
      if (signingKey(next, new Date()) === undefined) throw new Error(`${file} has no key that may sign now.`);
      [seen, keys, isFailureLogged] = [text, next, false];
      logger.info({ kids: next.map(({ kid }) => kid) }, 'the access token keys have changed');
    } catch (error) {
      // It is read again without a change: its keys may be for later.
      stamp = undefined;
      if (!isFailureLogged)
        logger.error({ err: error }, 'the access token keys cannot be read; the previous keys stay in use');
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
