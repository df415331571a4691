import { PrismaPg } from '@prisma/adapter-pg';
import { isTransientDatabaseError } from '@shop/messaging';
import { isForeignKeyViolation, isUniqueViolation, readSqlState, sqlOver } from '@shop/subgraph';
import { eventually, startTestDatabase, type TestDatabase } from '@shop/testing';
import { openDatabase, type Database, type Transaction } from './database.ts';
import { PrismaClient } from './generated/client.ts';

let server: TestDatabase;
let database: Database;
/** A client whose raw SQL goes through Prisma. */
let prisma: PrismaClient;
beforeAll(async () => {
  server = await startTestDatabase('order');
  database = openDatabase(server.url);
  prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: server.url }) });
  await server.run('CREATE TABLE notes (id int PRIMARY KEY, parent int REFERENCES notes)');
});
afterAll(async () => {
  await Promise.all([database?.close(), prisma?.$disconnect()]);
  await server?.stop();
});

const insert = (tx: Transaction, id: number, parent: number | null = null) =>
  sqlOver(tx).query('INSERT INTO notes VALUES ($1::int, $2::int)', [id, parent]);
const readNotes = async (...ids: number[]) =>
  (
    await sqlOver(database.client).query<{ id: number }>('SELECT id FROM notes WHERE id = ANY($1::int[]) ORDER BY id', [
      ids,
    ])
  ).map(({ id }) => id);

describe('values are read as Prisma reads them', () => {
  const expressions = [
    ...['1::int2', '-2::int4', '9007199254740993::int8', `ARRAY[1, NULL, -9007199254740993]::int8[]`, `'{}'::int8[]`],
    ...[
      `0.1::float8`,
      `1e300::float8`,
      `ARRAY[0.5]::float8[]`,
      'true',
      'false',
      `ARRAY[true, NULL]`,
      `ARRAY[1, NULL]::int4[]`,
    ],
    ...[`'text'::text`, `''`, `'name'::name`, `'c'::char(3)`, `ARRAY['a', NULL, 'b,"c\\']`, `'\\x00ff'::bytea`],
    ...[`'0193a1b2-0000-7000-8000-000000000001'::uuid`, `ARRAY['0193a1b2-0000-7000-8000-000000000001'::uuid]`],
    ...[`'{"a": [1, null, "x"]}'::jsonb`, `'null'::jsonb`, `'7'::json`, `ARRAY['{"a": 1}'::jsonb]`, `'"text"'::jsonb`],
    ...[
      `timestamptz '2026-11-30 08:00:00+00'`,
      `timestamptz '2026-11-30 08:00:00.123456+00'`,
      `timestamptz '0001-01-01 00:00:00+00'`,
    ],
    ...[
      `timestamptz '2026-03-29 02:30:00.5+02'`,
      `ARRAY[timestamptz '2026-11-30 08:00:00.5+00', NULL]`,
      `date '2026-11-30'`,
    ],
    ...[`ARRAY[date '2026-02-28', NULL]`, `'PENDING'::"OrderStatus"`, `ARRAY['PENDING', 'PAID']::"OrderStatus"[]`],
    ...['NULL::int8', 'NULL::timestamptz', 'NULL::jsonb', 'NULL'],
  ];
  test.each(expressions)('%s', async (expression) => {
    const text = `SELECT ${expression} AS value, $1::int AS "other Name"`;
    const [expected] = await prisma.$queryRawUnsafe<{ value: unknown }[]>(text, 1);
    const [read] = await sqlOver(database.client).query<{ value: unknown }>(text, [1]);
    expect(plain(read)).toEqual(plain(expected));
  });

  test('a decimal is text, where Prisma makes an object', async () => {
    const rows = await sqlOver(database.client).query(
      `SELECT 0.1 + 0.2 AS value, sum(n) AS sum FROM unnest($1::int8[]) AS n`,
      [[1n, 2]],
    );
    expect(rows).toEqual([{ value: '0.3', sum: '3' }]);
  });
});

/** Bytes are a Buffer here and an array of bytes in Prisma. Both are used alike. */
function plain(row: { value: unknown } | undefined): unknown {
  return row?.value instanceof Uint8Array ? { ...row, value: [...row.value] } : row;
}

test.each([
  ['text', 'a "quoted" \\ text'],
  ['text', null],
  ['int8', 9007199254740993n],
  ['int4', 7],
  ['float8', 0.1],
  ['bool', false],
  ['timestamptz', new Date('2026-11-30T08:00:00.123Z')],
  ['timestamptz[]', [new Date('2026-11-30T08:00:00.123Z')]],
  ['text[]', ['a', 'b,"c"', '']],
  ['int4[]', []],
  ['bytea', new Uint8Array([0, 255])],
  ['jsonb', JSON.stringify({ a: [1] })],
])('a value is written as Prisma writes it: %s %s', async (type, value) => {
  const text = `SELECT $1::${type}::text AS value`;
  const expected = await prisma.$queryRawUnsafe(text, value);
  expect(await sqlOver(database.client).query(text, [value])).toEqual(expected);
});

test('raw SQL and Prisma see one transaction, which commits or is rolled back as a whole', async () => {
  const key = 'raw and prisma';
  const work = async (tx: Transaction, id: number) => {
    await tx.simulatedCharge.create({ data: { key: `${key} ${id}`, amountMinor: 1, currencyCode: 'EUR' } });
    await insert(tx, id);
    const [row] = await sqlOver(tx).query<{ count: number }>(
      'SELECT count(*)::int AS count FROM simulated_charges WHERE key = $1',
      [`${key} ${id}`],
    );
    return row?.count;
  };
  expect(await database.transact((tx) => work(tx, 1))).toBe(1);
  const failing = database.transact(async (tx) => {
    await work(tx, 2);
    throw new Error('rolled back');
  });
  await expect(failing).rejects.toThrow('rolled back');
  expect(await readNotes(1, 2)).toEqual([1]);
  expect(await database.client.simulatedCharge.count({ where: { key: { startsWith: key } } })).toBe(1);
});

test('transactions inside the work of another, and Prisma’s own, have connections of their own', async () => {
  const failing = database.transact(async (tx) => {
    await insert(tx, 10);
    await database.transact((inner) => insert(inner, 11));
    await database.client.$transaction([database.client.order.count()]);
    await insert(tx, 12);
    throw new Error('rolled back');
  });
  await expect(failing).rejects.toThrow('rolled back');
  expect(await readNotes(10, 11, 12)).toEqual([11]);
});

test('after its transaction has ended, raw SQL is refused, and nothing of it happens', async () => {
  let late: Promise<unknown> | undefined;
  const taking = database.transact(
    async (tx) => {
      await insert(tx, 20);
      // Prisma rolls back meanwhile.
      await sqlOver(database.client).query(`SELECT pg_sleep(0.3)::text`);
      await eventually(async () => {
        late = insert(tx, 21);
        await expect(late).rejects.toMatchObject({ code: 'P2028' });
      });
    },
    { timeoutMs: 100 },
  );
  const error: unknown = await taking.catch((reason: unknown) => reason);
  expect(isTransientDatabaseError(error)).toBe(true);
  expect(isTransientDatabaseError(await late?.catch((reason: unknown) => reason))).toBe(true);
  let kept: Transaction | undefined;
  await database.transact(async (tx) => {
    kept = tx;
  });
  await expect(insert(kept as Transaction, 22)).rejects.toThrow(/The transaction has ended/);
  expect(await readNotes(20, 21, 22)).toEqual([]);
});

test('a model is refused as well then, and every connection has come back to the pool', async () => {
  let kept: Transaction | undefined;
  await database.transact(async (tx) => {
    kept = tx;
    expect(await tx.order.count()).toBe(0);
  });
  await expect(kept?.order.count()).rejects.toThrow(/The transaction has ended/);
  await expect(
    database.transact(
      async (tx) => {
        await tx.order.count();
        await sqlOver(database.client).query(`SELECT pg_sleep(0.3)::text`);
        await eventually(() => expect(tx.order.count()).rejects.toMatchObject({ code: 'P2028' }));
      },
      { timeoutMs: 100 },
    ),
  ).rejects.toMatchObject({ code: 'P2028' });
  // A connection comes back when its transaction is rolled back.
  await eventually(() => {
    const { open, idle, waiting } = database.readPool();
    expect({ open: open > 0, busy: open - idle, waiting }).toEqual({ open: true, busy: 0, waiting: 0 });
  });
});

test('a transaction whose failed statement was caught does not seem to commit', async () => {
  const catching = database.transact(async (tx) => {
    await insert(tx, 60);
    await insert(tx, 60).catch(() => {});
  });
  await expect(catching).rejects.toThrow('The transaction was rolled back: one of its statements had failed.');
  expect(await readNotes(60)).toEqual([]);
});

test('a statement that is sent and not awaited is part of its transaction', async () => {
  const unawaited: Promise<unknown>[] = [];
  await database.transact(async (tx) => {
    unawaited.push(insert(tx, 30));
  });
  await Promise.all(unawaited);
  expect(await readNotes(30)).toEqual([30]);
});

test('violations are recognised, in and out of transactions', async () => {
  await database.transact((tx) => insert(tx, 40));
  for (const again of [database.transact((tx) => insert(tx, 40)), insert(database.client, 40)]) {
    const error: unknown = await again.catch((reason: unknown) => reason);
    expect([isUniqueViolation(error), isForeignKeyViolation(error), readSqlState(error)]).toEqual([
      true,
      false,
      '23505',
    ]);
  }
  const error: unknown = await insert(database.client, 41, 99).catch((reason: unknown) => reason);
  expect([isUniqueViolation(error), isForeignKeyViolation(error), readSqlState(error)]).toEqual([false, true, '23503']);
});

test('two transactions that wait for each other both succeed: the one that loses is repeated', async () => {
  await database.transact(async (tx) => void (await insert(tx, 50), await insert(tx, 51)));
  const lock = (tx: Transaction, id: number) =>
    sqlOver(tx).query('SELECT id FROM notes WHERE id = $1 FOR UPDATE', [id]);
  let attempts = 0;
  let arrived = 0;
  const both = new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (arrived < 2) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
  const inOrder = (first: number, second: number) =>
    database.transact(async (tx) => {
      attempts += 1;
      await lock(tx, first);
      arrived += 1;
      await both;
      await lock(tx, second);
    });
  await Promise.all([inOrder(50, 51), inOrder(51, 50)]);
  expect(attempts).toBeGreaterThan(2);
});
