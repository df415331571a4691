import { chown, lchown, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../process/run.ts';
import { ExpectedError } from '@shop/process';

/** An account of the operating system. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Who runs PostgreSQL: nobody else than the current user (`null`), except for root, which PostgreSQL refuses. For root it is the
 * owner of the existing data directory, else the account `postgres`, else `nobody`.
 *
 * @throws ExpectedError when the data directory is another user's, or when there is no account to use.
 */
export async function chooseAccount(dataDir: string): Promise<Account | null> {
  const uid = process.getuid?.() ?? -1;
  const owner = await lstat(dataDir).catch(() => null);
  if (uid !== 0) {
    if (owner === null || owner.uid === uid) return null;
    throw new ExpectedError(
      `The data directory ${dataDir} belongs to another user (uid ${owner.uid}): start as that user, or set DATA_DIR to a directory of yours.`,
    );
  }
  if (owner !== null && owner.uid !== 0) return { name: `uid ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  const account = (await lookUp('postgres')) ?? (await lookUp('nobody'));
  if (account !== null) return account;
  throw new ExpectedError(
    'PostgreSQL refuses to run as root, and there is neither an account "postgres" nor "nobody": start as another user.',
  );
}

/**
 * Gives a data directory to the account that runs PostgreSQL. What is inside belongs to it already, unless root restored a
 * backup: then everything belongs to root, and the server could not read it.
 */
export async function giveDataDir(dataDir: string, { uid, gid }: Account): Promise<void> {
  await chown(dataDir, uid, gid);
  const marker = join(dataDir, 'PG_VERSION');
  if ((await lstat(marker)).uid === uid) return;
  const names = await readdir(dataDir, { recursive: true });
  for (const file of names.map((name) => join(dataDir, name))) if (file !== marker) await lchown(file, uid, gid);
  await chown(marker, uid, gid); // last, so that a start that is interrupted here is made good by the next one
}

async function lookUp(name: string): Promise<Account | null> {
  const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
  if (uid.code !== 0 || gid.code !== 0) return null;
  return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
