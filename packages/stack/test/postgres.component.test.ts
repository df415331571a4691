import { spawn } from 'node:child_process';
import { chmod, lstat, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { chooseAccount, findLauncher } from '../src/postgres/account.ts';
import { createMissingLinks, findPostgresBinaries } from '../src/postgres/binaries.ts';
import { ensureDatabases } from '../src/postgres/databases.ts';
import { initialise } from '../src/postgres/initialise.ts';
import { clearStalePid } from '../src/postgres/stale-pid.ts';
import { type PostgresServer, startPostgres } from '../src/postgres/start.ts';
import { run } from '../src/process/run.ts';
import { overSocket } from '../src/stack/embedded-databases.ts';
import { temporaryDirectory } from './project.ts';

const asRoot = process.getuid?.() === 0 ? test : test.skip;

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let server: PostgresServer | undefined;

beforeEach(async () => {
  directory = await temporaryDirectory();
  await chmod(directory.path, 0o755);
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  await directory.remove();
});

const dataDir = () => join(directory.path, 'postgres');
const start = async (options: Partial<Parameters<typeof startPostgres>[0]> = {}) =>
  (server = await startPostgres({ dataDir: dataDir(), password: 'first', fsync: false, ...options }));

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function uidOf(pid: number): Promise<number> {
  return Number(/^Uid:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

describe('startPostgres', () => {
  test('keeps its data for the next start, and requires the password', async () => {
    const first = await start();
    await query(first.url(), 'CREATE TABLE kept AS SELECT 7 AS value');
    await first.stop();

    const second = await start();
    expect(await query(second.url(), 'SELECT value FROM kept')).toEqual([{ value: 7 }]);
    await expect(query(second.url('postgres', { name: 'postgres', password: 'wrong' }), 'SELECT 1')).rejects.toThrow(
      /password/,
    );
    await second.stop();
    await expect(start({ password: 'other' })).rejects.toThrow(/PostgreSQL refuses the stored password/);
  });

  test('writes to disk by default, and listens on loopback and on a socket that only its account may use', async () => {
    const { url } = await start({ fsync: true });
    const [row] = await query<Record<string, string>>(
      url(),
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
      current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets,
      current_setting('password_encryption') AS encryption`,
    );
    expect(row).toEqual({
      fsync: 'on',
      commit: 'on',
      addresses: '127.0.0.1',
      sockets: `${dataDir()}.socket`,
      encryption: 'scram-sha-256',
    });
    expect((await lstat(`${dataDir()}.socket`)).mode & 0o777).toBe(0o700);
  });

  test('asks for the password over its socket as well, also in a directory that a former release made', async () => {
    const first = await start();
    await first.stop();
    await writeFile(join(dataDir(), 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n');
    const { url } = await start();
    const text = 'SELECT inet_client_addr() IS NULL AS "isSocket"';
    expect(await query(overSocket(url(), directory.path), text)).toEqual([{ isSocket: true }]);
    const wrong = url('postgres', { name: 'postgres', password: 'wrong' });
    await expect(query(overSocket(wrong, directory.path), text)).rejects.toThrow(/password/);
  });

  test.each([
    ['is too long for a socket', 'long'.repeat(25)],
    ['has a comma, which would end it', 'one,other'],
  ])('has no socket where the path %s', async (_why, name) => {
    const parent = join(directory.path, name);
    const { url } = await start({ dataDir: join(parent, 'postgres') });
    expect(overSocket(url(), parent)).toBe(url());
    expect(await query(url(), `SELECT current_setting('unix_socket_directories') AS sockets`)).toEqual([
      { sockets: '' },
    ]);
  });

  asRoot('does not run as root, and finds its way below a directory that only root may enter', async () => {
    await chmod(directory.path, 0o700);
    const { pid } = await start();
    expect(await uidOf(pid)).not.toBe(0);
    expect((await lstat(dataDir())).mode & 0o777).toBe(0o700);
  });

  asRoot('can be initialised from programs below such a directory', async () => {
    const { directory: native } = await findPostgresBinaries();
    await chmod(directory.path, 0o700);
    const copy = join(directory.path, 'native');
    if ((await run('cp', ['-al', native, copy])).code !== 0) await run('cp', ['-a', native, copy]); // links do not cross file systems
    const binaries = { directory: copy, initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
    const account = await chooseAccount(dataDir());
    const launcher = await findLauncher(account, binaries, directory.path);
    await initialise({ binaries, launcher, account, dataDir: dataDir(), password: 'first', fsync: false });
    expect((await lstat(dataDir())).uid).toBe(account?.uid);
  });

  asRoot('starts on a backup that root restored, whose files all belong to root', async () => {
    const first = await start();
    await query(first.url(), 'CREATE TABLE kept AS SELECT 7 AS value');
    await first.stop();
    await run('chown', ['-R', '0:0', dataDir()]);

    const second = await start();
    expect(await query(second.url(), 'SELECT value FROM kept')).toEqual([{ value: 7 }]);
    await second.stop();
  });

  test('recovers after a kill', async () => {
    const first = await start({ fsync: true });
    await query(first.url(), 'CREATE TABLE kept AS SELECT 7 AS value');
    first.kill('SIGKILL');
    await first.exited;
    const second = await start();
    expect(await query(second.url(), 'SELECT value FROM kept')).toEqual([{ value: 7 }]);
  });

  test('removes a pid file whose process is another program now', async () => {
    const first = await start();
    const pidFile = await readFile(join(dataDir(), 'postmaster.pid'), 'utf8');
    first.kill('SIGKILL');
    await first.exited;
    // PostgreSQL ignores the pid of another account's process, so this process runs as its own account.
    const { uid, gid } = (await chooseAccount(dataDir())) ?? {};
    const other = spawn('sleep', ['60'], { cwd: '/', ...(uid === undefined ? {} : { uid, gid }) });
    await writeFile(join(dataDir(), 'postmaster.pid'), pidFile.replace(/^\d+/, String(other.pid)));
    const lines: string[] = [];
    await start({ report: (line) => lines.push(line) }).finally(() => other.kill());
    expect(lines).toEqual([
      expect.stringMatching(new RegExp(`^removed postmaster.pid: its process ${other.pid} is another program`)),
    ]);
  });

  test('reports a server that still runs on the directory', async () => {
    const { pid } = await start();
    await expect(clearStalePid(dataDir(), () => {}, 200)).rejects.toThrow(
      `already runs on ${dataDir()} (process ${pid})`,
    );
  });

  test('names the variable to change when its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    await expect(start({ port })).rejects.toThrow(
      `PostgreSQL cannot listen on port ${port} (EADDRINUSE). Set POSTGRES_PORT`,
    );
    await new Promise((resolve) => other.close(resolve));
  });

  test('repeats an initialisation that was interrupted', async () => {
    await mkdir(join(`${dataDir()}.initialising`, 'base'), { recursive: true });
    await writeFile(join(`${dataDir()}.initialising`, 'PG_VERSION'), '18\n');
    const { url } = await start();
    expect(await query(url(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('rejects data of another major version', async () => {
    await (await start()).stop();
    await writeFile(join(dataDir(), 'PG_VERSION'), '12\n');
    await expect(start()).rejects.toThrow(/PostgreSQL 12 wrote .*, and this is 18/);
  });
});

describe('ensureDatabases', () => {
  test('gives each role its own database and no other, also when it is repeated', async () => {
    const { url } = await start();
    const names = ['shop_user', 'shop_product', 'shop_order'];
    const databases = names.map((name) => ({ database: name, role: name, password: `of ${name}` }));
    await ensureDatabases(url(), databases);
    await ensureDatabases(url(), databases);
    for (const name of names) {
      const role = { name, password: `of ${name}` };
      await query(url(name, role), 'CREATE TABLE mine (id INT)');
      for (const other of [...names, 'postgres', 'template1'].filter((candidate) => candidate !== name)) {
        await expect(query(url(other, role), 'SELECT 1')).rejects.toThrow(/permission denied for database/);
      }
    }
  });

  test('sets a changed password', async () => {
    const { url } = await start();
    await ensureDatabases(url(), [{ database: 'shop_user', role: 'shop_user', password: 'old' }]);
    await ensureDatabases(url(), [{ database: 'shop_user', role: 'shop_user', password: 'new' }]);
    await expect(query(url('shop_user', { name: 'shop_user', password: 'old' }), 'SELECT 1')).rejects.toThrow(
      /password/,
    );
    expect(await query(url('shop_user', { name: 'shop_user', password: 'new' }), 'SELECT 1 AS one')).toEqual([
      { one: 1 },
    ]);
  });
});

describe('createMissingLinks', () => {
  test('creates the missing links, and leaves the existing ones', async () => {
    const native = join(directory.path, 'native');
    await mkdir(join(native, 'lib'), { recursive: true });
    await writeFile(join(native, 'lib', 'libpq.so.5.18'), 'library');
    await symlink('elsewhere', join(native, 'lib', 'libpq.so.5'));
    const list = ['libpq.so', 'libpq.so.5'].map((target) => ({
      source: 'native/lib/libpq.so.5.18',
      target: `native/lib/${target}`,
    }));
    await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(list));
    await createMissingLinks(native);
    await createMissingLinks(native);
    expect(await readFile(join(native, 'lib', 'libpq.so'), 'utf8')).toBe('library');
    expect((await lstat(join(native, 'lib', 'libpq.so.5'))).isSymbolicLink()).toBe(true);
    await rm(join(native, 'pg-symlinks.json'));
    await createMissingLinks(native); // platforms without links have no list
  });
});
