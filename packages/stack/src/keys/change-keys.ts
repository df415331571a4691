import { generateKey } from './generate-key.ts';
import { changeKeyFile } from './key-file.ts';
import { type ListedKey, rotate, type RotationTimes } from './key-list.ts';

/**
 * Announces a new key of access tokens in a file, and dates the end of those it holds. Whoever reads the file again by then signs
 * with the new one in time, and nothing is refused meanwhile.
 *
 * @throws ExpectedError for a file that cannot be read or written, and while an earlier rotation is under way.
 */
export async function rotateAccessTokenKeys(file: string, times?: RotationTimes): Promise<ListedKey[]> {
  const next = await generateKey();
  return changeKeyFile(file, (keys) => rotate(keys, next, new Date(), times));
}

/** Puts a new key in the place of all: what is signed with another is refused from then on. @throws ExpectedError as for a rotation. */
export async function replaceAccessTokenKeys(file: string): Promise<ListedKey[]> {
  const next = await generateKey();
  return changeKeyFile(file, () => [next]);
}
