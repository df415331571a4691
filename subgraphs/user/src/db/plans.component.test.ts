import {
  countRowsRead,
  createRowBuilder,
  recordQueryPlans,
  startTestDatabase,
  type QueryPlans,
  type TestDatabase,
} from '@shop/testing';
import { MAX_COUNTED, sqlOver } from '@shop/subgraph';
import { listUsersPage, type UserListArguments } from '../use-cases/list-users.ts';
import { openDatabase, type Database } from './database.ts';

let server: TestDatabase;
let database: Database;
let plans: QueryPlans;

beforeAll(async () => {
  server = await startTestDatabase('user');
  database = openDatabase(server.url);
  const rows = await createRowBuilder(sqlOver(database.client));
  const users = {
    id: `('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid`,
    email: `email`,
    email_key: `email`,
    // Half of the names begin with "many". One in a hundred begins with "Rare".
    name: `CASE WHEN n % 100 = 1 THEN 'Rare ' || n WHEN n % 2 = 0 THEN 'Many ' || n ELSE 'Öther ' || n END`,
    role: `(CASE WHEN n % 1000 = 0 THEN 'STAFF' ELSE 'CUSTOMER' END)::"Role"`,
  };
  const numbers = `(SELECT n, md5(n::text) || '@many.test' AS email FROM generate_series(1, 30000) AS n) AS numbers`;
  await server.run(rows.toSelectSql('users', users, numbers));
  await server.run('VACUUM ANALYZE users');
  plans = recordQueryPlans({ databaseUrl: server.url });
});
afterAll(async () => {
  plans?.stop();
  await database?.close();
  await server?.stop();
});

const rowsRead = (plan: string): number => countRowsRead(plan, 'users');

const list = (args: UserListArguments) => listUsersPage({ database }, args);
const search = (text: string) => ({ filter: { search: text } });

const pages: [string, UserListArguments, number][] = [
  ['all', {}, 21],
  ['staff', { filter: { role: 'STAFF' } }, 21],
  ['a frequent letter', search('m'), 100],
  ['two frequent letters', search('Ma'), 100],
  ['two letters that one in a hundred has', search('ra'), 2_500],
  ['two letters that nobody has', search('zq'), 0],
  ['two signs that nobody has', search('--'), 0],
  ['three letters that nobody has', search('zqx'), 0],
  ['a part of an e-mail', search(`c4ca4238a0b923820dcc509a6f75849b`), 10],
];

test.each(pages)('the page of %s reads an index and few other rows', async (name, args, most) => {
  const plan = await plans.of(() => list(args));
  if (process.env['SHOW_PLANS']) process.stdout.write(`\n== ${name}\n${plan}\n`);
  expect(plan).not.toMatch(/Seq Scan on users/);
  expect(rowsRead(plan)).toBeLessThanOrEqual(most);
});

test.each<[string, UserListArguments]>([
  ['all', {}],
  ['customers', { filter: { role: 'CUSTOMER' } }],
  ['active accounts', { filter: { active: true } }],
  ['a frequent letter', search('m')],
])('a capped count of %s reads little more than the cap', async (_name, args) => {
  const plan = await plans.of(async () => (await list(args)).cappedCount());
  expect(plan).toMatch(/Limit \(actual rows=10001/);
  expect(rowsRead(plan)).toBeLessThanOrEqual(2.5 * MAX_COUNTED);
});

test('the checks can fail: without the indexes on beginnings, letters that nobody has need a scan of the table', async () => {
  await server.run('DROP INDEX users_email_key_prefix_idx; DROP INDEX users_name_prefix_idx');
  expect(await plans.of(() => list(search('zq')))).toMatch(/Rows Removed by (Filter|Index Recheck): \d{4,}/);
});
