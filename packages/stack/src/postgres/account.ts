import { chown, lchown, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ExpectedError } from '@shop/process';
import { run } from '../process/run.ts';
import type { PostgresBinaries } from './binaries.ts';

/** An account of the operating system. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Chooses the account that runs PostgreSQL: the current user (`null`), unless that is root, which PostgreSQL refuses.
 * For root it is the owner of the existing data directory, else the account `postgres`, else `nobody`.
 *
 * @throws ExpectedError when the data directory belongs to another user, or when no account is suitable.
 */
export async function chooseAccount(dataDir: string): Promise<Account | null> {
  const uid = process.getuid?.() ?? -1;
  const owner = await lstat(dataDir).catch(() => null);
  if (uid !== 0) {
    if (owner === null || owner.uid === uid) return null;
    throw new ExpectedError(
      `The data directory ${dataDir} belongs to another user (uid ${owner.uid}). Start as that user, or set DATA_DIR to another directory.`,
    );
  }
  if (owner !== null && owner.uid !== 0) return { name: `uid ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  const account = (await lookUp('postgres')) ?? (await lookUp('nobody'));
  if (account !== null) return account;
  throw new ExpectedError(
    'PostgreSQL refuses to run as root, and the accounts "postgres" and "nobody" do not exist. Start as another user.',
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
  await chown(marker, uid, gid); // last, so that the next start repairs a start that is interrupted here
}

async function lookUp(name: string): Promise<Account | null> {
  const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
  if (uid.code !== 0 || gid.code !== 0) return null;
  return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/** The way to start a program as an account: words before the command, or a uid and gid for `spawn`. */
export interface Launcher {
  readonly prefix: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

/** Runs the server once, reads its share directory, and enters the parent of the data directory. */
const PROBE = '"$1" --version >/dev/null && test -r "$2" && test -x "$2" && test -x "$3"';

/**
 * Finds a way to run PostgreSQL as `account`. Only root can enter a checkout below `/root` (mode 0700). There the account gets the
 * one capability that it needs to read the files.
 *
 * @throws ExpectedError when the account cannot reach the programs or the data.
 */
export async function findLauncher(
  account: Account | null,
  binaries: PostgresBinaries,
  parentDir: string,
): Promise<Launcher> {
  if (account === null) return { prefix: [] };
  const { uid, gid } = account;
  const probe = ['sh', '-c', PROBE, 'probe', binaries.postgres, join(binaries.directory, 'share'), parentDir];
  const asAccount = { prefix: [], uid, gid };
  if (await succeeds(probe, asAccount)) return asAccount;
  const capable = {
    prefix: [
      'setpriv',
      `--reuid=${uid}`,
      `--regid=${gid}`,
      '--clear-groups',
      '--inh-caps=+dac_override',
      '--ambient-caps=+dac_override',
      '--securebits=+no_setuid_fixup', // or access(2), with which initdb looks for postgres, ignores the capability
      '--',
    ],
  };
  if (await succeeds(probe, capable)) return capable;
  throw new ExpectedError(
    `PostgreSQL refuses to run as root, and the account ${account.name} cannot reach ${binaries.directory} or ${parentDir}. ` +
      'Start as another user, or move the checkout and DATA_DIR to where every account can read them.',
  );
}

async function succeeds(command: readonly string[], launcher: Launcher): Promise<boolean> {
  const [program = '', ...args] = [...launcher.prefix, ...command];
  return (await run(program, args, { uid: launcher.uid, gid: launcher.gid, cwd: '/' })).code === 0;
}
