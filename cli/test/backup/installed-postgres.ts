import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from '@shop/stack';
import { eventually, temporaryDirectory } from '@shop/testing';
import { query } from './databases.ts';

const root = '/usr/lib/postgresql';

/** The newest PostgreSQL of Debian's packages that has both a server and pg_dump; the directory of its programs. */
export const installedPostgres: string | undefined = (existsSync(root) ? readdirSync(root) : [])
  .sort((a, b) => Number(b) - Number(a))
  .map((version) => path.join(root, version, 'bin'))
  .find((bin) => ['initdb', 'postgres', 'pg_dump'].every((program) => existsSync(path.join(bin, program))));

/** Nobody: PostgreSQL does not run as root. */
const UNPRIVILEGED = 65_534;

/** Starts that server in a directory of its own. */
export async function startInstalledPostgres(bin: string) {
  const directory = await temporaryDirectory();
  const dataDir = path.join(directory.path, 'data');
  await mkdir(dataDir, { mode: 0o700 });
  const account = process.getuid?.() === 0 ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {};
  if (account.uid !== undefined)
    for (const each of [directory.path, dataDir]) await chown(each, account.uid, account.gid);
  const env = { LC_ALL: 'C.UTF-8', TZ: 'UTC' };
  const initialised = spawnSync(
    path.join(bin, 'initdb'),
    ['-D', dataDir, '--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
    { ...account, env, cwd: '/', encoding: 'utf8' },
  );
  if (initialised.status !== 0) throw new Error(initialised.stderr);
  const port = await freePort();
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: '', fsync: 'off' };
  const server = spawn(
    path.join(bin, 'postgres'),
    ['-D', dataDir, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...account, env, cwd: '/', stdio: 'ignore' },
  );
  const exited = new Promise((resolve) => server.once('exit', resolve));
  const url = (database = 'postgres') => `postgresql://postgres@127.0.0.1:${port}/${database}`;
  await eventually(() => query(url(), 'SELECT 1'), { timeoutMs: 60_000 });
  return {
    url,
    async createDatabase(name: string): Promise<string> {
      await query(url(), `CREATE DATABASE ${name}`);
      return url(name);
    },
    async stop(): Promise<void> {
      server.kill('SIGQUIT');
      await exited;
      await directory.remove();
    },
  };
}
