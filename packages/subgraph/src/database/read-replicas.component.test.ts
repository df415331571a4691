import { fromPg } from '@shop/messaging';
import { createLogger } from '@shop/process';
import { eventually, type ReplicatedPostgres, startReplicatedPostgres } from '@shop/testing';
import pg from 'pg';
import { openReplicatedReads, type ReplicatedReads } from './read-replicas.ts';

let servers: ReplicatedPostgres;
let primary: pg.Pool;
let replica: pg.Pool;
let reads: ReplicatedReads;
let lines: { level: string; msg: string }[];

beforeAll(async () => {
  servers = await startReplicatedPostgres();
  primary = new pg.Pool({ connectionString: servers.primary.url(), max: 4 });
  replica = new pg.Pool({ connectionString: servers.replica.url(), max: 4, connectionTimeoutMillis: 5_000 });
  for (const pool of [primary, replica]) pool.on('error', () => {});
  await primary.query('CREATE TABLE notes (id serial PRIMARY KEY, text text NOT NULL)');
}, 180_000);
afterAll(async () => {
  await Promise.all([primary?.end(), replica?.end()]);
  await servers?.stop();
});

/** A busy machine replays late, so the wait is long unless a test is about it. */
function open(maxWaitMs = 10_000): void {
  lines = [];
  const logger = createLogger({
    service: 'test',
    destination: { write: (line) => void lines.push(JSON.parse(line) as (typeof lines)[number]) },
  });
  reads = openReplicatedReads({
    primary: fromPg(primary),
    replicas: [{ name: 'replica', sql: fromPg(replica) }],
    logger,
    maxWaitMs,
    checkEveryMs: 50,
  });
}
afterEach(() => reads?.stop());

const list = () =>
  reads.query<{ texts: string[] | null; onReplica: boolean }>(
    'SELECT array_agg(text ORDER BY id) AS texts, pg_is_in_recovery() AS "onReplica" FROM notes',
  );
const write = (text: string) => primary.query('INSERT INTO notes (text) VALUES ($1)', [text]);

test('each reader sees what was committed before, and reads it from the replica', async () => {
  open();
  for (let round = 0; round < 30; round += 1) {
    await write(`round ${round}`);
    // Several callers at once share the question how far the primary is.
    const answers = await Promise.all([list(), list(), list()]);
    for (const [row] of answers) {
      expect(row?.texts?.at(-1)).toBe(`round ${round}`);
      expect(row?.onReplica).toBe(true);
    }
  }
  expect(lines).toEqual([]);
});

test('a replica that is behind is left at once, and used again when it has caught up', async () => {
  open(50);
  await servers.pauseReplay();
  try {
    await write('while it is paused');
    const [row] = await list();
    expect(row).toMatchObject({ onReplica: false });
    expect(row?.texts?.at(-1)).toBe('while it is paused');
    expect(reads.countInUse()).toBe(0);
    expect(lines).toMatchObject([
      { level: 'warn', msg: 'a read replica is not used for now: it is more than 50 ms behind' },
    ]);
    // Further reads do not wait for it.
    expect((await list())[0]?.onReplica).toBe(false);
  } finally {
    await servers.resumeReplay();
  }
  await eventually(() => expect(reads.countInUse()).toBe(1));
  expect(lines.at(-1)).toMatchObject({ level: 'info', msg: 'a read replica is used again' });
});

test('an error of the statement itself is not hidden', async () => {
  open();
  await expect(reads.query('SELECT nothing FROM notes')).rejects.toMatchObject({ code: '42703' });
  expect(reads.countInUse()).toBe(1);
});

test('while the replica is away, the primary answers', async () => {
  open();
  await servers.replica.stop();
  await write('while it is away');
  const [row] = await list();
  expect(row).toMatchObject({ onReplica: false });
  expect(row?.texts?.at(-1)).toBe('while it is away');
  expect(reads.countInUse()).toBe(0);
});
