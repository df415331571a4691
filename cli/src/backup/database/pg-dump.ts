import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import { ExpectedError } from '@shop/process';
import type { DatabaseSnapshot } from './snapshot.ts';

/** Directories where packages of PostgreSQL put the programs of one major version. */
const packageDirectories = (major: string): string[] => [
  `/usr/lib/postgresql/${major}/bin`,
  `/usr/pgsql-${major}/bin`,
  `/opt/homebrew/opt/postgresql@${major}/bin`,
  `/usr/local/opt/postgresql@${major}/bin`,
];

/**
 * Finds the `pg_dump` of a server's major version on `PATH` or where packages put it. A newer one would write scripts that only a newer
 * server accepts.
 *
 * @returns its path, or undefined.
 */
export async function findPgDump(serverVersion: string, searchPath: string): Promise<string | undefined> {
  const major = majorOf(serverVersion);
  const directories = [
    ...searchPath.split(path.delimiter).filter((directory) => directory !== ''),
    ...packageDirectories(major),
  ];
  for (const directory of new Set(directories)) {
    const program = path.join(directory, 'pg_dump');
    const output = await promisify(execFile)(program, ['--version'], { timeout: 10_000 }).catch(() => null);
    if (output !== null && majorOf(/(\d+[\d.]*)/.exec(output.stdout)?.[1] ?? '') === major) return program;
  }
  return undefined;
}

export const majorOf = (version: string): string => version.split('.')[0] ?? '';

/**
 * The script that `pg_dump` writes of a snapshot: tables, rows, indexes and constraints. Owners and rights are left out: they belong to
 * the server.
 *
 * @throws ExpectedError with the last line of its errors.
 */
export async function* writePgDump(program: string, snapshot: DatabaseSnapshot): AsyncGenerator<Buffer> {
  const { client, target } = snapshot;
  const { rows } = await client.query<{ id: string; others: string[] }>(EXPORT);
  const [{ id, others } = { id: '', others: [] }] = rows;
  const { url, env } = connectionFor(target.databaseUrl);
  const child = spawn(
    program,
    [
      '--format=plain',
      '--no-owner',
      '--no-privileges',
      '--no-publications',
      '--no-subscriptions',
      '--no-tablespaces',
      '--encoding=UTF8',
      `--snapshot=${id}`,
      // Not --schema: that leaves out extensions, and writes a CREATE SCHEMA that fails where the schema exists.
      ...others.map((other) => `--exclude-schema="${other.replaceAll('"', '""')}"`),
      '--no-password',
      `--dbname=${url}`,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env },
  );
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-2_000)));
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  closed.catch(() => {}); // awaited below, unless the reader stops early
  try {
    yield* child.stdout as AsyncIterable<Buffer>;
    const [code, signal] = await closed;
    if (code !== 0)
      throw new ExpectedError(
        `${program} could not dump the database of ${target.name}: ` +
          `${errors.trim().split('\n').at(-1) || `it ended with ${signal ?? code}`}.`,
      );
  } finally {
    child.kill();
  }
}

/** Lets another session read the snapshot. Schemas of others in the database are not backed up. */
const EXPORT = `
  SELECT pg_export_snapshot() AS id,
         ARRAY(SELECT nspname::text FROM pg_namespace
                WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', current_schema())) AS others`;

/** Parameters that libpq understands too. Others are for the drivers of programs. */
const shared = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'options'];

/** The URL without the password, which other users of the machine could read in the list of processes. */
function connectionFor(databaseUrl: string): { url: string; env: NodeJS.ProcessEnv } {
  const url = new URL(databaseUrl);
  const password = decodeURIComponent(url.password);
  url.password = '';
  for (const name of [...url.searchParams.keys()]) if (!shared.includes(name)) url.searchParams.delete(name);
  if (url.searchParams.get('sslmode') === 'no-verify') url.searchParams.set('sslmode', 'require');
  return { url: url.href, env: { PGPASSWORD: password, LC_ALL: 'C', TZ: 'UTC' } };
}
