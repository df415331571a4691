import { join } from 'node:path';
import { run } from '../process/run.ts';
import { ExpectedError } from '@shop/process';
import type { Account } from './account.ts';
import type { PostgresBinaries } from './binaries.ts';

/** How a program is started as an account: words before the command, or a uid and gid for `spawn`. */
export interface Launcher {
  readonly prefix: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

/** Runs the server once, reads its share directory, and enters the directory that the data directory is in. */
const PROBE = '"$1" --version >/dev/null && test -r "$2" && test -x "$2" && test -x "$3"';

/**
 * Finds a way to run PostgreSQL as `account`. A checkout below `/root` (mode 0700) can be entered by root only; there the
 * account is given the one capability that lets it pass, and no other.
 *
 * @throws ExpectedError when the account cannot reach the programs or the data.
 */
export async function launcherFor(
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
      '--securebits=+no_setuid_fixup', // or else access(2), by which initdb looks for postgres, would not count the capability
      '--',
    ],
  };
  if (await succeeds(probe, capable)) return capable;
  throw new ExpectedError(
    `PostgreSQL refuses to run as root, and the account ${account.name} can reach neither ${binaries.directory} nor ${parentDir}: ` +
      'start as another user, or move the checkout and DATA_DIR to where every account can read them.',
  );
}

async function succeeds(command: readonly string[], launcher: Launcher): Promise<boolean> {
  const [program = '', ...args] = [...launcher.prefix, ...command];
  return (await run(program, args, { uid: launcher.uid, gid: launcher.gid, cwd: '/' })).code === 0;
}
