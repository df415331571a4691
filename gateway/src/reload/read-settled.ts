import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Reads a text file that is being replaced, perhaps in several steps: it returns the text that is the same after a pause, and fails only
 * when the file cannot be read twice.
 *
 * @param options.isKnown returns true for a text that needs no second look
 */
export async function readSettled(
  file: string,
  options: { settleMs: number; isKnown: (text: string) => boolean },
): Promise<string> {
  const { settleMs, isKnown } = options;
  const pause = (): Promise<void> => sleep(settleMs, undefined, { ref: false });
  let text = await tryToRead(file);
  if (text !== undefined && isKnown(text)) return text;
  for (;;) {
    await pause();
    const again = text === undefined ? await readFile(file, 'utf8') : await tryToRead(file);
    if (again !== undefined && again === text) return again;
    text = again;
  }
}

const tryToRead = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined);
