import { open, readFile, rename, rm } from 'node:fs/promises';
import { ExpectedError } from '@shop/process';
import type { ListedKey } from './key-list.ts';

/** @throws ExpectedError for a file that cannot be read or holds no private keys. Nothing of what it holds is quoted. */
export async function readKeyFile(file: string): Promise<ListedKey[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ExpectedError(
      `${file} cannot be read (${error.code}): start the system once, or name the file with --file.`,
      { cause: error },
    );
  });
  const keys = parse(text);
  if (keys.length === 0 || !keys.every((key) => typeof key?.kid === 'string' && typeof key.d === 'string')) {
    throw new ExpectedError(`${file} is not a list of private JWKs with kid.`);
  }
  return keys;
}

function parse(text: string): ListedKey[] {
  try {
    return [JSON.parse(text)].flat() as ListedKey[];
  } catch {
    return [];
  }
}

/**
 * Reads the list, changes it and puts it in place in one step, mode 0600: a reader finds the old list or the new one. The draft
 * keeps a second change out meanwhile.
 *
 * @throws ExpectedError while another change is under way.
 */
export async function changeKeyFile(file: string, change: (keys: ListedKey[]) => ListedKey[]): Promise<ListedKey[]> {
  const draft = `${file}.new`;
  const handle = await open(draft, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw new ExpectedError(`${draft} cannot be written (${error.code}).`, { cause: error });
    throw new ExpectedError(
      `${draft} exists: another change is under way, or one was cut short; then delete that file.`,
    );
  });
  try {
    const keys = change(await readKeyFile(file));
    await handle.writeFile(formatKeys(keys));
    await handle.sync();
    await rename(draft, file);
    return keys;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/** One key a line, so that a person can tell them apart. */
export function formatKeys(keys: readonly ListedKey[]): string {
  return `[\n${keys.map((key) => JSON.stringify(key)).join(',\n')}\n]\n`;
}
