import { appendFile, cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { serviceNames } from '@shop/contracts';
import { startTestDatabase, temporaryDirectory, type TemporaryDirectory, type TestDatabase } from '@shop/testing';
import pg from 'pg';
import { runShop } from '../src/command-line/run-shop.ts';

let directory: TemporaryDirectory;
let database: TestDatabase;

/** A copy of this project's Prisma schemas, which a test may change. */
beforeAll(async () => {
  [directory, database] = await Promise.all([temporaryDirectory(), startTestDatabase('empty')]);
  await mkdir(path.join(directory.path, 'prisma'));
  for (const name of serviceNames)
    await cp(`prisma/${name}`, path.join(directory.path, 'prisma', name), { recursive: true });
});
afterAll(() => Promise.all([directory?.remove(), database?.stop()]));

async function migrate(args: readonly string[], env: NodeJS.ProcessEnv = { USER_DATABASE_URL: database.url }) {
  let [stdout, stderr] = ['', ''];
  const terminal = {
    print: (line: string) => void (stdout += `${line}\n`),
    note: (line: string) => void (stderr += `${line}\n`),
    progress: () => {},
    finish: () => {},
  };
  const { signal } = new AbortController();
  const code = await runShop(['migrate', ...args], { terminal, env, root: directory.path, signal });
  return { code, stdout, stderr };
}
const migrateUser = (...args: string[]) => migrate([...args, '--service', 'user']);

test('lists pending migrations, applies them, and finds nothing left to do', async () => {
  const names = (await readdir('prisma/user/migrations')).filter((name) => /^\d/.test(name)).sort();
  const before = await migrateUser('status');
  expect(before.code).toBe(1);
  expect(before.stdout).toMatch(
    new RegExp(`^SERVICE +STATE +MIGRATION\\nuser +0 applied\\nuser +pending +${names[0]}\\n`),
  );

  expect(await migrateUser()).toEqual({ code: 0, stdout: `migrations applied: user ${names.length}\n`, stderr: '' });
  expect(await migrateUser()).toEqual({ code: 0, stdout: 'migrations up to date\n', stderr: '' });
  expect(JSON.parse((await migrateUser('--json')).stdout)).toEqual([{ service: 'user', applied: [] }]);

  const after = await migrateUser('status', '--json');
  expect(after.code).toBe(0);
  expect(JSON.parse(after.stdout)).toEqual([{ service: 'user', applied: names, pending: [], failed: [], unknown: [] }]);
});

test('waits until the migrations are applied, and not for those of a later release', async () => {
  const own = await startTestDatabase('empty');
  try {
    const env = { USER_DATABASE_URL: own.url };
    const wait = (timeout: string) => migrate(['wait', '--service', 'user', '--timeout', timeout], env);
    const late = await wait('1');
    expect(late.code).toBe(3);
    expect(late.stderr).toMatch(/^waiting: user lacks \d+_.*\n.*not migrated after 1 s: user lacks/s);

    const waiting = wait('60');
    await migrate(['--service', 'user'], env);
    expect(await waiting).toMatchObject({ code: 0, stdout: 'user: the migrations of this release are applied\n' });

    const client = new pg.Client({ connectionString: own.url });
    await client.connect();
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at)
        VALUES ('x', 'x', '9999_later', now(), now())`,
    );
    await client.end();
    expect(await wait('1')).toMatchObject({ code: 0, stderr: '' });
  } finally {
    await own.stop();
  }
});

test('waits for a database that cannot be reached', async () => {
  const env = { USER_DATABASE_URL: 'postgres://shop@127.0.0.1:1/shop' };
  const { code, stderr } = await migrate(['wait', '--service', 'user', '--timeout', '1'], env);
  expect(code).toBe(3);
  expect(stderr).toMatch(/^waiting: The database of user cannot be reached/);
});

test('records the migrations of a database that already has its tables', async () => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('DROP TABLE _prisma_migrations');
  await client.end();
  expect(await migrateUser('status')).toMatchObject({ code: 1 });
  const baseline = await migrate(['baseline', 'user']);
  expect(baseline).toMatchObject({ code: 0, stderr: '' });
  expect(baseline.stdout).toMatch(/^recorded as applied: \d+_/);
  expect(await migrate(['baseline', 'user'])).toMatchObject({
    code: 0,
    stdout: 'All migrations of user are recorded already.\n',
  });
  expect(await migrateUser('status')).toMatchObject({ code: 0 });
});

test('the check finds a changed schema, which becomes a migration', async () => {
  expect(await migrate(['check'])).toMatchObject({ code: 0, stdout: expect.stringContaining('agree') as unknown });
  const schema = path.join(directory.path, 'prisma/user/schema.prisma');
  await appendFile(schema, '\nmodel Note {\n  id Int @id\n  text String\n\n  @@map("notes")\n}\n');
  const check = await migrate(['check']);
  expect(check.code).toBe(1);
  expect(check.stderr).toContain('prisma/user/schema.prisma and its migrations differ');
  expect(check.stderr).toContain('CREATE TABLE "notes"');

  const created = await migrate(['new', 'user', 'add_notes']);
  expect(created).toMatchObject({ code: 0, stderr: '' });
  const [, file = ''] =
    /^(prisma\/user\/migrations\/\d{14}_add_notes\/migration\.sql) is written/.exec(created.stdout) ?? [];
  expect(await readFile(path.join(directory.path, file), 'utf8')).toContain('CREATE TABLE "notes"');
  expect(await migrate(['check'])).toMatchObject({ code: 0 });
  expect(await migrate(['new', 'user', 'again'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('has no change') as unknown,
  });
  expect(await migrateUser('status')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('pending') as unknown,
  });
  expect(await migrateUser()).toMatchObject({ code: 0, stdout: 'migrations applied: user 1\n' });

  await rm(path.dirname(path.join(directory.path, file)), { recursive: true });
  expect((await migrateUser('status')).stdout).toContain('unknown to this version');
});

test('rejects an invalid migration name and an unknown subgraph', async () => {
  expect(await migrate(['new', 'user', 'Bad-Name'])).toMatchObject({ code: 1 });
  expect(await migrate(['new', 'cart', 'add_slug'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`Allowed choices are ${serviceNames.join(', ')}`) as unknown,
  });
});

test('reports that a database is unreachable', async () => {
  const run = await migrate(['--service', 'user'], { USER_DATABASE_URL: 'postgres://shop@127.0.0.1:1/shop' });
  expect(run).toMatchObject({ code: 3, stdout: '' });
  expect(run.stderr).toContain('The database of user cannot be reached');
});
