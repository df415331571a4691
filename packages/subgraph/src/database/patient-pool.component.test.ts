import { startTestDatabase, type TestDatabase } from '@shop/testing';
import pg from 'pg';
import { PatientPool } from './patient-pool.ts';
import { poolOptions } from './pool-options.ts';

let server: TestDatabase;
const pools: PatientPool[] = [];

beforeAll(async () => {
  server = await startTestDatabase('empty');
});
afterEach(async () => void (await Promise.all(pools.splice(0).map((pool) => pool.end()))));
afterAll(() => server?.stop());

function open(url = server.url): PatientPool {
  const pool = new PatientPool(poolOptions(url));
  pool.on('error', () => {});
  pools.push(pool);
  return pool;
}

const readPid = async (pool: PatientPool): Promise<unknown> =>
  (await pool.query('SELECT pg_backend_pid() AS pid')).rows[0].pid;

/** A role that may have `connections` at a time. */
async function addRole(name: string, connections: number): Promise<string> {
  await server.run(`CREATE ROLE ${name} LOGIN PASSWORD 'secret' CONNECTION LIMIT ${connections}`);
  return Object.assign(new URL(server.url), { username: name, password: 'secret' }).href;
}

test('a statement that fails leaves its connection open', async () => {
  const pool = open();
  const pid = await readPid(pool);
  await expect(pool.query('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
  await expect(pool.query({ text: 'SELECT $1::int', values: ['one'] })).rejects.toMatchObject({ code: '22P02' });
  expect(await readPid(pool)).toBe(pid);
});

test('a connection that ends, or whose answer did not come, is not used again', async () => {
  const pool = open();
  const pid = await readPid(pool);
  await expect(pool.query('SELECT pg_terminate_backend(pg_backend_pid())')).rejects.toThrow();
  const next = await readPid(pool);
  expect(next).not.toBe(pid);
  const late = new PatientPool({ ...poolOptions(server.url), query_timeout: 50 });
  pools.push(late);
  const [first, second] = [await readPid(late), expect(late.query('SELECT pg_sleep(0.5)')).rejects.toThrow('timeout')];
  await second;
  expect(await readPid(late)).not.toBe(first);
});

describe('a statement of work with a limit', () => {
  const readTimeout = async (pool: Pick<pg.Pool, 'query'>) =>
    (await pool.query('SHOW statement_timeout')).rows[0].statement_timeout;

  test('ends at the limit, and its connection stays open', async () => {
    const pool = open();
    const pid = await readPid(pool);
    await expect(pool.limitStatements(50).query('SELECT pg_sleep(60)')).rejects.toMatchObject({ code: '57014' });
    expect(await readPid(pool)).toBe(pid);
  });

  test('ends at the limit in a transaction', async () => {
    const pool = open();
    const client = await pool.limitStatements(50).connect();
    await client.query('BEGIN');
    await expect(client.query('SELECT pg_sleep(60)')).rejects.toMatchObject({ code: '57014' });
    await client.query('ROLLBACK');
    client.release();
  });

  test('leaves other work with the timeout of the session', async () => {
    const pool = open();
    expect(await readTimeout(pool.limitStatements(50))).toBe('50ms');
    expect(await readTimeout(pool)).toBe('15s');
    expect(await readTimeout(pool.limitStatements(60_000))).toBe('15s');
  });

  test('changes nothing behind a pooler, whose sessions others use too', async () => {
    const url = new URL(server.url);
    url.searchParams.set('pgbouncer', 'true');
    expect(await readTimeout(open(url.href).limitStatements(50))).toBe('0');
  });
});

test('when the server accepts no further connection, queries wait for those that are open', async () => {
  const pool = open(await addRole('limited', 2));
  const pids = await Promise.all(
    Array.from(
      { length: 20 },
      async () => (await pool.query('SELECT pg_backend_pid() AS pid, pg_sleep(0.02)')).rows[0].pid,
    ),
  );
  expect(new Set(pids).size).toBe(2);
  const [one, other] = await Promise.all([pool.connect(), pool.connect()]);
  const third = pool.connect();
  one.release();
  (await third).release();
  other.release();
});

test('queries that are refused before any connection is open get one as soon as there is room', async () => {
  const url = await addRole('crowded', 1);
  const stranger = new pg.Client({ connectionString: url });
  await stranger.connect();
  let refusals = 0;
  const options: pg.PoolConfig & ReturnType<typeof poolOptions> = {
    ...poolOptions(url),
    log: (message: string) => {
      if (message === 'client failed to connect' && (refusals += 1) === 3) void stranger.end();
    },
  };
  const pool = new PatientPool(options);
  pools.push(pool);
  const pids = await Promise.all([readPid(pool), readPid(pool), readPid(pool)]);
  expect(new Set(pids).size).toBe(1);
});

test('when the server refuses all of several connections, that is reported soon', async () => {
  const pool = new PatientPool({
    ...poolOptions(await addRole('refused_together', 0)),
    connectionTimeoutMillis: 3_600_000,
  });
  pools.push(pool);
  const queries = await Promise.allSettled(Array.from({ length: 30 }, () => pool.query('SELECT 1')));
  expect(queries.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 'rejected'));
});

test('without an open connection the refusal is reported soon', async () => {
  const pool = new PatientPool({ ...poolOptions(await addRole('refused', 0)), connectionTimeoutMillis: 3_600_000 });
  pools.push(pool);
  await expect(pool.query('SELECT 1')).rejects.toBeInstanceOf(pg.DatabaseError);
});
