import { eventually } from '@shop/testing';
import { fromPg, startHousekeeping } from '../src/index.ts';
import { loadPlaces } from '../src/confirmation/follower-rows.ts';
import { takeBatch } from '../src/relay/outbox-rows.ts';
import type { SqlExecutor } from '../src/index.ts';
import { Scene } from './fixtures/scene.ts';
import { Servers } from './fixtures/servers.ts';

let servers: Servers;
let scene: Scene;

beforeAll(async () => {
  servers = await Servers.start({ nats: false });
});
afterAll(() => servers?.stop());
beforeEach(async () => {
  scene = await Scene.create(servers);
});
afterEach(() => scene?.stop());

const addPublished = (count: number, ageDays: number) =>
  scene.database.pool.query(
    `
  INSERT INTO outbox (id, type, aggregate_id, payload, published_at)
  SELECT gen_random_uuid(), 't', 'a' || n % 100, '{}', now() - make_interval(days => $2)
  FROM generate_series(1, $1::int) AS n`,
    [count, ageDays],
  );
const addReceived = (count: number, ageDays: number) =>
  scene.database.pool.query(
    `
  INSERT INTO inbox SELECT 'reader', gen_random_uuid(), now() - make_interval(days => $2) FROM generate_series(1, $1::int)`,
    [count, ageDays],
  );

/** Of a service whose stream nobody follows. */
const options = () => ({ sql: fromPg(scene.database.pool), logger: scene.logger, followers: [] });

test('housekeeping deletes old rows in batches, and no pending ones', async () => {
  await addPublished(250, 8);
  await addPublished(20, 6);
  await addReceived(250, 15);
  await addReceived(20, 13);
  await scene.database.pool.query(
    `INSERT INTO outbox (id, type, aggregate_id, payload, created_at)
     VALUES (gen_random_uuid(), 't', 'a', '{}', now() - interval '30 days')`,
  );
  const housekeeping = startHousekeeping({ ...options(), batchSize: 100 });
  await eventually(async () => expect([await scene.count('outbox'), await scene.count('inbox')]).toEqual([21, 20]));
  await housekeeping.stop();
  expect(await scene.count('pending')).toBe(1);
});

test('housekeeping continues after the database was away', async () => {
  let away = true;
  const sql: SqlExecutor = {
    query: (text, values) =>
      away ? Promise.reject(new Error('away')) : fromPg(scene.database.pool).query(text, values),
  };
  await addPublished(5, 8);
  const housekeeping = startHousekeeping({ ...options(), sql, everyMs: 20 });
  await eventually(() => expect(scene.logger.lines).toHaveLength(1));
  away = false;
  await eventually(async () => expect(await scene.count('outbox')).toBe(0));
  await housekeeping.stop();
});

describe('with a week of published events and a few pending ones', () => {
  /** Explains a query and returns PostgreSQL's plan. */
  const planOf = async (run: (sql: SqlExecutor) => Promise<unknown>): Promise<string> => {
    let plan = '';
    await run({
      async query(text, values = []) {
        const { rows } = await scene.database.pool.query(`EXPLAIN (COSTS OFF) ${text}`, [...values]);
        plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        return [];
      },
    });
    return plan;
  };

  beforeEach(async () => {
    await addPublished(50_000, 3);
    await addReceived(20_000, 3);
    await scene.append(...Array.from({ length: 20 }, (_, n) => scene.event(`aggregate-${n}`, n)));
    await scene.database.pool.query('VACUUM ANALYZE outbox, inbox');
  });

  test('the relay reads pending events by their own index', async () => {
    const plan = await planOf((sql) => takeBatch(sql, 256));
    expect(plan).toMatch(/outbox_pending_idx/);
    expect(plan).not.toMatch(/Seq Scan on outbox/);
  });

  test('the events to confirm are read by their place in the outbox', async () => {
    const range = { after: 1_000n, through: 40_000n, types: '^(t)$', limit: 2_000 };
    const plan = await planOf((sql) => loadPlaces(sql, range));
    expect(plan).toMatch(/outbox_pkey/);
    expect(plan).not.toMatch(/Seq Scan on outbox/);
  });

  test('housekeeping reads the oldest rows by index', async () => {
    const plans: string[] = [];
    const sql: SqlExecutor = {
      async query(text, values) {
        plans.push(await planOf((explain) => explain.query(text, values)));
        return [];
      },
    };
    await startHousekeeping({ ...options(), sql }).stop();
    await eventually(() => expect(plans).toHaveLength(2));
    expect(plans[0]).toMatch(/outbox_pkey/);
    expect(plans[1]).toMatch(/inbox_received_at_idx[^]*Index Cond: \(received_at/);
    expect(plans.join()).not.toMatch(/Seq Scan on (outbox|inbox)/);
  });
});
