import { randomBytes } from 'node:crypto';
import { copyFile, cp, mkdir, readdir, readFile, rename, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { jest } from '@jest/globals';
import { type ServiceName, serviceNames } from '@shop/contracts';
import { temporaryDirectory, type TemporaryDirectory } from '@shop/testing';
import pg from 'pg';
import { runShop } from '../../src/command-line/run-shop.ts';
import { writeDatabaseFile } from '../../src/backup/archive/database-file.ts';
import { formatManifest, type Manifest } from '../../src/backup/archive/manifest.ts';
import { inOrderOfMoments } from '../../src/backup/database/order-of-moments.ts';
import { runCommand } from '../run-command.ts';
import { addRows, type Databases, describeContents, query, startDatabases } from './databases.ts';

jest.setTimeout(300_000);

const key = randomBytes(32).toString('base64url');
const withKey = { BACKUP_KEY: key };

let directory: TemporaryDirectory;
let source: Databases;
/** An archive of the source without encryption, and one with. Tests copy them before they change them. */
let plain: string;
let encrypted: string;

beforeAll(async () => {
  [directory, source] = await Promise.all([temporaryDirectory(), startDatabases()]);
  await addRows(source.urls);
  plain = await backUp('plain');
  encrypted = await backUp('encrypted', withKey);
}, 300_000);
afterAll(() => Promise.all([directory?.remove(), source?.stop()]));

async function backUp(name: string, env: NodeJS.ProcessEnv = {}, ...options: string[]): Promise<string> {
  const args = ['backup', '--form', 'copy', '--directory', path.join(directory.path, name), '--json', ...options];
  const { code, stdout, stderr } = await runCommand(args, { env: { ...source.env, ...env } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return (JSON.parse(stdout) as { path: string }).path;
}

async function copyOf(archive: string): Promise<string> {
  const copy = path.join(directory.path, `copy-${randomBytes(4).toString('hex')}`);
  await cp(archive, copy, { recursive: true });
  return copy;
}

const readManifest = async (archive: string) =>
  JSON.parse(await readFile(path.join(archive, 'manifest.json'), 'utf8')) as Manifest & { seal: string };

const check = (archive: string, env: NodeJS.ProcessEnv = {}) => runCommand(['backup', 'check', archive], { env });

const restore = (archive: string, into: Databases, ...options: string[]) =>
  runCommand(['restore', archive, ...options], { env: { ...into.env, ...withKey } });

test('restores every row, constraint, index, trigger and sequence, with and without encryption', async () => {
  for (const archive of [plain, encrypted]) {
    const target = await startDatabases('empty');
    const { code, stdout, stderr } = await restore(archive, target);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('npm run events -- republish --since ');
    expect(stdout).toContain('npm run reconcile');
    for (const name of serviceNames)
      expect(await describeContents(target.urls[name])).toEqual(await describeContents(source.urls[name]));
    await addRows(target.urls); // sequences go on, and triggers work
    expect(await query(target.urls.product, `SELECT id FROM products WHERE name ILIKE '%teap%'`)).toHaveLength(2);
    await target.stop();
  }
});

test('only its owner may read a backup, and an encrypted one shows no data', async () => {
  const modeOf = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);
  expect(await modeOf(encrypted)).toBe('700');
  const files = await readdir(encrypted);
  expect(files.sort()).toEqual(['manifest.json', ...serviceNames.map((name) => `${name}.sql.gz.enc`)].sort());
  for (const file of files) expect(await modeOf(path.join(encrypted, file))).toBe('600');
  const { encryption } = await readManifest(encrypted);
  expect(JSON.stringify(encryption)).not.toContain(key);
});

test('the manifest says what was saved, and the moments follow one another', async () => {
  const { databases } = await readManifest(plain);
  const moments = inOrderOfMoments(
    databases.map(({ service, snapshotAt }) => ({ name: service as ServiceName, snapshotAt })),
  );
  expect(moments.map(({ snapshotAt }) => snapshotAt)).toEqual(moments.map(({ snapshotAt }) => snapshotAt).sort());
  expect(databases.map(({ service }) => service)).toEqual(serviceNames);
  const order = databases.find(({ service }) => service === 'order')!;
  expect(order).toMatchObject({ form: 'copy', tables: { orders: 1, order_items: 1, outbox: 3 } });
  expect(order.migrations).toEqual(
    (await readdir('prisma/order/migrations')).filter((name) => /^\d/.test(name)).sort(),
  );
  expect(order.lsn).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
});

describe('a backup that cannot be trusted', () => {
  const changes: readonly (readonly [string, (archive: string) => Promise<unknown>, RegExp])[] = [
    [
      'a changed byte',
      (archive) => changeByte(path.join(archive, 'order.sql.gz.enc'), 70),
      /order\.sql\.gz\.enc is damaged: it was changed or cut off/,
    ],
    [
      'a file that was cut off',
      (archive) => truncate(path.join(archive, 'order.sql.gz.enc'), 100),
      /damaged: it was changed or cut off/,
    ],
    [
      'an empty file',
      (archive) => truncate(path.join(archive, 'order.sql.gz.enc'), 0),
      /damaged: it was changed or cut off/,
    ],
    [
      'a missing file',
      (archive) => rename(path.join(archive, 'task.sql.gz.enc'), path.join(archive, 'x')),
      /task\.sql\.gz\.enc is damaged: the file is missing/,
    ],
    [
      'a file in the place of another',
      (archive) => copyFile(path.join(archive, 'user.sql.gz.enc'), path.join(archive, 'task.sql.gz.enc')),
      /damaged/,
    ],
    [
      'a changed manifest',
      (archive) => replaceIn(path.join(archive, 'manifest.json'), '"orders": 1', '"orders": 2'),
      /manifest of .* was changed or is damaged/,
    ],
    ['a manifest that is none', (archive) => writeFile(path.join(archive, 'manifest.json'), '{}'), /it is no manifest/],
    [
      'a later form',
      (archive) => replaceIn(path.join(archive, 'manifest.json'), '"format": 1', '"format": 2'),
      /has the form 2, and this release reads up to 1/,
    ],
  ];

  beforeAll(async () => {
    await query(
      source.urls.user,
      `INSERT INTO inbox (consumer, message_id) VALUES ('since the backup', gen_random_uuid())`,
    );
  });
  afterAll(() => query(source.urls.user, 'DELETE FROM inbox'));

  test.each(changes)(
    '%s is found by the check and by the restore, which changes nothing',
    async (_what, change, message) => {
      const archive = await copyOf(encrypted);
      await change(archive);
      const checked = await check(archive, withKey);
      expect(checked.code).not.toBe(0);
      expect(checked.stderr).toMatch(message);
      const before = await describeContents(source.urls.order);
      const restored = await restore(archive, source, '--replace');
      expect(restored.code).not.toBe(0);
      expect(restored.stderr).toMatch(message);
      expect(await describeContents(source.urls.order)).toEqual(before);
    },
  );

  test('damage of a backup without encryption is found too', async () => {
    const archive = await copyOf(plain);
    await changeByte(path.join(archive, 'order.sql.gz'), 200);
    expect((await check(archive)).stderr).toMatch(/order\.sql\.gz is damaged/);
    const other = await copyOf(plain);
    await replaceIn(path.join(other, 'manifest.json'), '"orders": 1', '"orders": 2');
    expect((await check(other)).stderr).toMatch(/manifest of .* was changed or is damaged/);
  });

  test('a missing or another key is named as the reason', async () => {
    expect((await check(encrypted, withKey)).stdout).toContain('is intact');
    expect((await check(plain)).stdout).toContain('is intact');
    expect((await check(encrypted)).stderr).toContain('is encrypted. Set BACKUP_KEY or BACKUP_KEY_FILE');
    const other = await check(encrypted, { BACKUP_KEY: randomBytes(32).toString('base64') });
    expect(other).toMatchObject({ code: 1, stdout: '' });
    expect(other.stderr).toContain('was encrypted with another key');
    expect((await check(encrypted, { BACKUP_KEY: 'short' })).stderr).toContain(
      'BACKUP_KEY has no key: it must be 32 random bytes',
    );
    const file = path.join(directory.path, 'key');
    await writeFile(file, `${key}\n`);
    expect((await check(encrypted, { BACKUP_KEY_FILE: file })).stdout).toContain('is intact');
  });
});

describe('a restore is refused', () => {
  test('into databases that have rows, unless they are to be replaced', async () => {
    const target = await startDatabases();
    await query(target.urls.task, `INSERT INTO inbox (consumer, message_id) VALUES ('test', gen_random_uuid())`);
    const refused = await restore(plain, target);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('The database of task is not empty: its table inbox has rows.');
    expect(await query(target.urls.user, 'SELECT FROM outbox')).toEqual([]);
    expect(await restore(plain, target, '--replace')).toMatchObject({ code: 0, stderr: '' });
    expect(await describeContents(target.urls.task)).toEqual(await describeContents(source.urls.task));
    await target.stop();
  });

  test('while a session of the same role is connected', async () => {
    const target = await startDatabases();
    const client = new pg.Client({ connectionString: target.urls.product });
    await client.connect();
    const refused = await restore(plain, target);
    await client.end();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('The database of product is in use by 1 session of its role. Stop the system');
    await target.stop();
  });

  test('of a release with migrations that this one does not know', async () => {
    const root = path.join(directory.path, 'older');
    await cp('prisma', path.join(root, 'prisma'), { recursive: true });
    const newest = (await readdir('prisma/order/migrations'))
      .filter((name) => /^\d/.test(name))
      .sort()
      .at(-1)!;
    await rename(path.join(root, 'prisma/order/migrations', newest), path.join(root, 'newest'));
    const refused = await runIn(root, ['restore', plain, '--replace'], source.env);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`whose order has the migration ${newest}. This release does not know it.`);
  });
});

async function runIn(root: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  let stderr = '';
  const note = (line: string) => void (stderr += `${line}\n`);
  const terminal = { print: () => {}, note, progress: () => {}, finish: () => {} };
  const code = await runShop(args, { terminal, env, root, signal: new AbortController().signal });
  return { code, stderr };
}

test('migrates a backup of an older release', async () => {
  // An older release has all migrations but the last ones of order.
  const root = path.join(directory.path, 'release');
  await mkdir(root);
  await cp('prisma', path.join(root, 'prisma'), { recursive: true });
  await copyFile('package.json', path.join(root, 'package.json'));
  const names = (await readdir('prisma/order/migrations')).filter((name) => /^\d/.test(name)).sort();
  for (const name of names.slice(-2))
    await rename(path.join(root, 'prisma/order/migrations', name), path.join(root, name));
  const old = await startDatabases('empty');
  expect(await runIn(root, ['migrate'], old.env)).toMatchObject({ code: 0 });
  const id = 'a0000000-0000-4000-8000-000000000001';
  await query(
    old.urls.order,
    `INSERT INTO orders (id, number, status, currency_code, total_minor, shipping_address, billing_address,
       idempotency_key, fingerprint, version, placed_at, updated_at)
     VALUES ($1, 'A', 'PENDING', 'USD', 1, '{}', '{}', 'k', 'f', 1, now(), now())`,
    [id],
  );
  const into = path.join(directory.path, 'old');
  expect(await runIn(root, ['backup', '--form', 'copy', '--directory', into], old.env)).toMatchObject({ code: 0 });

  const target = await startDatabases('empty');
  const { code, stdout, stderr } = await runCommand(['restore', 'latest', '--directory', into], { env: target.env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('migrations applied: order 2');
  expect(await query(target.urls.order, 'SELECT id, number FROM orders')).toEqual([{ id, number: 'A' }]);
  const { definitions } = await describeContents(target.urls.order);
  expect(definitions).toEqual((await describeContents(source.urls.order))['definitions']);
  await Promise.all([old.stop(), target.stop()]);
});

test('changes no database when one of them cannot be restored', async () => {
  const archive = path.join(directory.path, 'orphan');
  await mkdir(archive);
  const { seal: _, ...manifest } = await readManifest(plain);
  const databases = await Promise.all(
    manifest.databases.map(async (database) => {
      if (database.service !== 'order') {
        await copyFile(path.join(plain, database.file), path.join(archive, database.file));
        return database;
      }
      // A line of an order that the backup lacks.
      const orphan = Buffer.from(
        `COPY "order_items" ("id", "order_id", "position", "product_id", "sku", "name", "unit_price_minor", "quantity") FROM stdin;\n` +
          `${['b', 'c', '1', 'd', 's', 'n', '1', '1']
            .map((text) => (/[b-d]/.test(text) ? `${text}0000000-0000-4000-8000-000000000000` : text))
            .join('\t')}\n\\.\n`,
      );
      const { signal } = new AbortController();
      const script = (async function* () {
        yield orphan;
      })();
      const written = await writeDatabaseFile({
        directory: archive,
        service: 'order',
        keys: undefined,
        script,
        onBytes: () => {},
        signal,
      });
      return { ...database, ...written };
    }),
  );
  await writeFile(path.join(archive, 'manifest.json'), formatManifest({ ...manifest, databases }, undefined));
  expect((await check(archive)).stdout).toContain('is intact');

  const target = await startDatabases();
  await addRows(target.urls);
  const before = await Promise.all(serviceNames.map((name) => describeContents(target.urls[name])));
  const { code, stderr } = await restore(archive, target, '--replace');
  expect(stderr).toContain(
    'The backup of order could not be loaded: insert or update on table "order_items" violates foreign key',
  );
  expect(code).toBe(1);
  expect(await Promise.all(serviceNames.map((name) => describeContents(target.urls[name])))).toEqual(before);
  await target.stop();
});

test('a backup that fails leaves nothing behind', async () => {
  const into = path.join(directory.path, 'failed');
  const env = { ...source.env, TASK_DATABASE_URL: 'postgres://shop@127.0.0.1:1/shop' };
  const unreachable = await runCommand(['backup', '--directory', into], { env });
  expect(unreachable).toMatchObject({ code: 3, stdout: '' });
  expect(unreachable.stderr).toContain('The database of task cannot be reached');

  const stopped = new AbortController();
  stopped.abort();
  expect(await runCommand(['backup', '--directory', into], { env: source.env, signal: stopped.signal })).toMatchObject({
    code: 130,
  });
  await query(source.urls.task, 'CREATE TABLE my_own (id int)');
  const stray = await runCommand(['backup', '--form', 'copy', '--directory', into], { env: source.env });
  await query(source.urls.task, 'DROP TABLE my_own');
  expect(stray.stderr).toContain('The table my_own of task is in no migration, and only pg_dump can back it up.');
  expect(await readdir(into)).toEqual([]);
});

test('keeps the newest backups, and lists them', async () => {
  const into = path.join(directory.path, 'kept');
  const list = async () => {
    const { stdout } = await runCommand(['backup', 'list', '--directory', into, '--json']);
    return (JSON.parse(stdout) as { path: string }[]).map((archive) => archive.path);
  };
  expect(await list()).toEqual([]);
  const abandoned = path.join(into, '.shop-20200101T000000000Z.partial');
  await mkdir(abandoned, { recursive: true });
  await utimes(abandoned, 1, 1);
  const first = await backUp('kept');
  const second = await backUp('kept');
  expect(await list()).toEqual([second, first]);
  const third = await backUp('kept', {}, '--keep', '2');
  expect(await runCommand(['backup', 'list', '--directory', into, '--max-age', '1h'])).toMatchObject({ code: 0 });
  const empty = await runCommand(['backup', 'list', '--directory', path.join(into, 'none'), '--max-age', '1h']);
  expect(empty.code).toBe(1);
  expect(empty.stderr).toContain('as recent as --max-age says');
  expect(await list()).toEqual([third, second]);
  expect((await readdir(into)).sort()).toEqual([second, third].map((archive) => path.basename(archive)));
});

async function changeByte(file: string, at: number): Promise<void> {
  const bytes = await readFile(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(file, bytes);
}

async function replaceIn(file: string, text: string, replacement: string): Promise<void> {
  const content = await readFile(file, 'utf8');
  expect(content).toContain(text);
  await writeFile(file, content.replace(text, replacement));
}
