import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { run } from '../process/run.ts';
import { syncDirectory, writeSynced } from '../process/synced-file.ts';
import { ExpectedError } from '@shop/process';
import type { Account, Launcher } from './account.ts';
import type { PostgresBinaries } from './binaries.ts';

/** The server's whole environment. PGDATA, PGPORT or LC_ALL of the caller would change its behaviour. */
export const SERVER_ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LANG: 'C',
  LC_ALL: 'C',
  TZ: 'UTC',
};

/** Only from this machine, and with a password. */
const PG_HBA = `# TYPE  DATABASE  USER  ADDRESS       METHOD
local   all       all                 scram-sha-256
host    all       all   127.0.0.1/32  scram-sha-256
`;

/** Options of {@link initialise}. */
export interface InitialiseOptions {
  readonly binaries: PostgresBinaries;
  readonly launcher: Launcher;
  readonly account: Account | null;
  readonly dataDir: string;
  readonly password: string;
  readonly fsync: boolean;
}

/**
 * Creates the cluster unless it exists, and writes who may connect. It is created under another name and renamed when it is complete, so
 * that an interrupted start leaves no incomplete cluster.
 *
 * @throws ExpectedError when another major version wrote the data directory, or when `initdb` fails.
 */
export async function initialise(options: InitialiseOptions): Promise<void> {
  const { binaries, dataDir } = options;
  const found = await readFile(join(dataDir, 'PG_VERSION'), 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
  if (found === null) return create(options);
  const { stdout } = await run(binaries.postgres, ['--version']);
  const own = /(\d+)/.exec(stdout)?.[1];
  if (own !== undefined && found !== own) {
    throw new ExpectedError(
      `PostgreSQL ${found} wrote ${dataDir}, and this is ${own}. Dump it with the old version, or set DATA_DIR to a new directory.`,
    );
  }
  // A former release wrote another one. Writing in place keeps the owner.
  await writeFile(join(dataDir, 'pg_hba.conf'), PG_HBA);
}

async function create({ binaries, launcher, account, dataDir, password, fsync }: InitialiseOptions): Promise<void> {
  const draft = `${dataDir}.initialising`;
  const passwordFile = `${draft}.password`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account !== null) await Promise.all([draft, passwordFile].map((path) => chown(path, account.uid, account.gid)));
  const [program = '', ...args] = [
    ...launcher.prefix,
    binaries.initdb,
    `--pgdata=${draft}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    // Sort by code point, which is the same on every platform.
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(fsync ? [] : ['--no-sync']),
  ];
  const result = await run(program, args, { uid: launcher.uid, gid: launcher.gid, cwd: '/', env: SERVER_ENVIRONMENT });
  await rm(passwordFile, { force: true });
  if (result.code !== 0)
    throw new ExpectedError(`initdb could not create ${basename(dataDir)}: ${lastLine(result.stderr)}`);
  await writeSynced(join(draft, 'pg_hba.conf'), PG_HBA);
  await rm(dataDir, { recursive: true, force: true }); // it may be an empty directory; a cluster was found before
  await rename(draft, dataDir);
  await syncDirectory(dirname(dataDir));
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
