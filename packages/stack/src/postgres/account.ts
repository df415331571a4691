import { lstat } from 'node:fs/promises';
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

async function lookUp(name: string): Promise<Account | null> {
  const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
  if (uid.code !== 0 || gid.code !== 0) return null;
  return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
