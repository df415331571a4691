import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ExpectedError } from '@shop/process';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { syncDirectory } from '../process/synced-file.ts';
import { type ListedKey, rotate, type RotationTimes } from './key-list.ts';

/** A new private Ed25519 key as a JWK. */
export async function generateKey(): Promise<JWK & { kid: string }> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return { ...(await exportJWK(privateKey)), kid: randomBytes(8).toString('hex'), alg: 'EdDSA', use: 'sig' };
}

/**
 * Adds a new key of access tokens to a file, and sets the expiry of the older keys. The service that issues tokens
 * reads the file again before the new key signs, so that no token is rejected.
 *
 * @throws ExpectedError for a file that cannot be read or written, and during an earlier rotation.
 */
export async function rotateAccessTokenKeys(file: string, times?: RotationTimes): Promise<ListedKey[]> {
  const next = await generateKey();
  return changeKeyFile(file, (keys) => rotate(keys, next, new Date(), times));
}

/**
 * Replaces all keys by a new one. From then on, tokens of the older keys are rejected. @throws ExpectedError as for a
 * rotation.
 */
export async function replaceAccessTokenKeys(file: string): Promise<ListedKey[]> {
  const next = await generateKey();
  return changeKeyFile(file, () => [next]);
}

/**
 * Reads the keys of access tokens.
 *
 * @throws ExpectedError for a file that cannot be read or has no private keys. The message quotes nothing of the file.
 */
export async function readKeyFile(file: string): Promise<ListedKey[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ExpectedError(
      `${file} cannot be read (${error.code}). Start the system once, or name the file with --file.`,
      { cause: error },
    );
  });
  const keys = parse(text);
  if (keys.length === 0 || !keys.every((key) => typeof key?.kid === 'string' && typeof key.d === 'string')) {
    throw new ExpectedError(
      `${file} is not a list of private JWKs with a kid. Restore it, or name another file with --file.`,
    );
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
 * Reads the list, changes it and replaces the file in one step, mode 0600. A reader finds the old list or the new one. The draft file
 * excludes a second change at the same time.
 *
 * @throws ExpectedError during another change.
 */
async function changeKeyFile(file: string, change: (keys: ListedKey[]) => ListedKey[]): Promise<ListedKey[]> {
  const draft = `${file}.new`;
  const handle = await open(draft, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST')
      throw new ExpectedError(`${draft} cannot be written (${error.code}). Check the permissions of its directory.`, {
        cause: error,
      });
    throw new ExpectedError(
      `${draft} exists. Another change is running. If none is, one was interrupted: delete that file.`,
    );
  });
  try {
    const keys = change(await readKeyFile(file));
    await handle.writeFile(formatKeys(keys));
    await handle.sync();
    await rename(draft, file);
    await syncDirectory(dirname(file));
    return keys;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/** The list in JSON with one key on each line, so that a person can tell them apart. */
export function formatKeys(keys: readonly ListedKey[]): string {
  return `[\n${keys.map((key) => JSON.stringify(key)).join(',\n')}\n]\n`;
}
