import { spawnSync } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type ServiceName, serviceNames } from '@shop/contracts';
import { temporaryDirectory, type TemporaryDirectory } from '@shop/testing';
import { runCommand } from '../run-command.ts';
import { addRows, describeContents, listUrls, query, startDatabases } from './databases.ts';
import { installedPostgres, startInstalledPostgres } from './installed-postgres.ts';

const bin = installedPostgres ?? '';
const withPostgres = installedPostgres === undefined ? test.skip : test;
const title = (text: string) =>
  installedPostgres === undefined ? `${text} (skipped: no PostgreSQL with pg_dump is in /usr/lib/postgresql)` : text;

let directory: TemporaryDirectory;
let server: Awaited<ReturnType<typeof startInstalledPostgres>>;
let source: Record<ServiceName, string>;
let archive: string;

beforeAll(async () => {
  if (installedPostgres === undefined) return;
  [directory, server] = await Promise.all([temporaryDirectory(), startInstalledPostgres(bin)]);
  source = await createDatabases('source');
  expect(await runCommand(['migrate'], { env: listUrls(source) })).toMatchObject({ code: 0, stderr: '' });
  await addRows(source);
  // A table of one's own: only this form keeps it.
  await query(source.task, `CREATE TABLE my_own AS SELECT 1 AS id`);
  const { code, stdout, stderr } = await runCommand(['backup', '--directory', directory.path, '--json'], {
    env: listUrls(source),
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  ({ path: archive } = JSON.parse(stdout) as { path: string });
}, 600_000);
afterAll(async () => {
  await server?.stop();
  await directory?.remove();
});

async function createDatabases(prefix: string): Promise<Record<ServiceName, string>> {
  const created: [ServiceName, string][] = [];
  for (const name of serviceNames) created.push([name, await server.createDatabase(`${prefix}_${name}`)]);
  return Object.fromEntries(created) as Record<ServiceName, string>;
}

withPostgres(
  title('restores what pg_dump of the server’s version has written, over other data too'),
  async () => {
    const { stdout } = await runCommand(['backup', 'check', archive, '--json']);
    const { databases } = JSON.parse(stdout) as {
      databases: { form: string; serverVersion: string; tables: Record<string, number> }[];
    };
    expect(new Set(databases.map(({ form }) => form))).toEqual(new Set(['pg_dump']));
    expect(databases.map(({ tables }) => tables['outbox'])).toEqual(serviceNames.map(() => 3));

    const target = await createDatabases('target');
    for (const options of [[], ['--replace']]) {
      const { code, stderr } = await runCommand(['restore', archive, ...options], { env: listUrls(target) });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      for (const name of serviceNames)
        expect(await describeContents(target[name])).toEqual(await describeContents(source[name]));
      await addRows(target);
    }
  },
  600_000,
);

withPostgres(
  title('restores it on a newer server, and refuses an older one'),
  async () => {
    const newer = await startDatabases('empty');
    const { code, stderr } = await runCommand(['restore', archive], { env: newer.env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await query(newer.urls.order, 'SELECT count(*)::int FROM orders')).toEqual([{ count: 1 }]);

    await query(newer.urls.task, 'DROP TABLE my_own');
    await runCommand(['backup', '--form', 'copy', '--directory', path.join(directory.path, 'newer')], {
      env: newer.env,
    });
    const back = await runCommand(
      ['restore', 'latest', '--replace', '--directory', path.join(directory.path, 'newer')],
      {
        env: listUrls(source),
      },
    );
    expect(back.stderr).toMatch(/is from PostgreSQL 1[89].*Restore it on the same or a newer version/);
    const missing = await runCommand(['backup', '--form', 'pg_dump', '--directory', directory.path], {
      env: newer.env,
    });
    expect(missing).toMatchObject({ code: 3, stdout: '' });
    expect(missing.stderr).toMatch(/no pg_dump of that version was found/);
    await newer.stop();
  },
  600_000,
);

withPostgres(
  title('psql reads the script of a database too'),
  async () => {
    const script = path.join(directory.path, 'order.sql');
    await pipeline(createReadStream(path.join(archive, 'order.sql.gz')), createGunzip(), createWriteStream(script));
    const url = await server.createDatabase('by_hand');
    const psql = spawnSync(
      path.join(bin, 'psql'),
      ['--set=ON_ERROR_STOP=1', '--quiet', `--dbname=${url}`, `--file=${script}`],
      {
        encoding: 'utf8',
      },
    );
    expect(psql.stderr).toBe('');
    expect(await describeContents(url)).toEqual(await describeContents(source.order));
  },
  600_000,
);
