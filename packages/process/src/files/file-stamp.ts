import { stat } from 'node:fs/promises';

/** A file system may store times in steps of up to two seconds. A second change within one step may show nowhere but in the content. */
const timeStepMs = 2_000;

/**
 * Describes the state of a file by its place, its size and its times. A link counts as the file that it leads to.
 *
 * @returns undefined for a file that is not there, or that changed a moment ago: its content must be read
 */
export async function readFileStamp(file: string): Promise<string | undefined> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  if (found === undefined || Date.now() - Number(found.ctimeMs) < timeStepMs) return undefined;
  return [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join();
}
