import { startTestDatabase, type TestDatabase } from '@shop/testing';
import { Pool } from 'pg';
import { uuidv7 } from 'uuidv7';
import type { RawSqlClient } from '../database/sql.ts';
import { appendAudit, listAudit, type AuditArguments } from './audit-log.ts';

/** The services that keep an audit log. */
const services = ['user', 'product', 'order', 'task', 'notification'] as const;

const opened: { server: TestDatabase; pool: Pool }[] = [];
async function open(service: (typeof services)[number]) {
  const server = await startTestDatabase(service);
  const pool = new Pool({ connectionString: server.url });
  opened.push({ server, pool });
  const client: RawSqlClient = {
    $queryRawUnsafe: async (text, ...values) => (await pool.query(text, values)).rows as unknown[],
  };
  return { pool, client };
}
afterAll(async () => {
  for (const { server, pool } of opened) {
    await pool.end();
    await server.stop();
  }
});

const entry = (rest: object = {}) => ({
  actorId: uuidv7(),
  action: 'ROLE_CHANGED',
  subjectId: uuidv7(),
  details: { from: 'CUSTOMER', to: null, count: 2 },
  ...rest,
});

test.each(services)('the log of %s refuses every change and deletion, also by its owner', async (service) => {
  const { pool, client } = await open(service);
  await appendAudit(client, [entry()], new Date());
  for (const statement of [
    `UPDATE audit_entries SET action = 'NOTHING'`,
    `UPDATE audit_entries SET action = 'NOTHING' WHERE false`,
    'DELETE FROM audit_entries',
    'TRUNCATE audit_entries',
    `INSERT INTO audit_entries SELECT * FROM audit_entries ON CONFLICT (id) DO UPDATE SET action = 'NOTHING'`,
  ])
    await expect(pool.query(statement)).rejects.toThrow('The audit log cannot be changed. Append another entry.');
  expect((await listAudit(client, {})).nodes).toMatchObject([{ action: 'ROLE_CHANGED' }]);
});

test('pages through the log in both directions, filters it, and counts on request', async () => {
  const { client } = await open('user');
  const [actorId, subjectId] = [uuidv7(), uuidv7()];
  const at = new Date('2026-11-01T10:00:00.123Z');
  for (let n = 0; n < 5; n += 1) await appendAudit(client, [entry({ actorId, details: { n } })], at);
  await appendAudit(client, [entry({ actorId: null, subjectId, action: 'KEY_ADDED' }), entry({ actorId })], at);
  const list = (args: AuditArguments) => listAudit(client, args);
  const numbers = async (args: AuditArguments) => (await list(args)).nodes.map(({ details }) => details[0]?.value);

  const filter = { actorId, action: 'ROLE_CHANGED' };
  const first = await list({ first: 3, filter });
  expect(await first.totalCount()).toBe(6);
  expect(await first.cappedCount()).toEqual({ count: 6, isCapped: false });
  expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  expect(await numbers({ first: 3, filter, after: first.pageInfo.endCursor })).toEqual(['2', '1', '0']);
  expect(await numbers({ last: 2, filter })).toEqual(['1', '0']);
  expect((await list({ filter: { subjectId } })).nodes).toEqual([
    {
      id: expect.any(String),
      at,
      actorId: null,
      action: 'KEY_ADDED',
      subjectId,
      details: [
        { name: 'to', value: 'null' },
        { name: 'from', value: 'CUSTOMER' },
        { name: 'count', value: '2' },
      ],
    },
  ]);
  for (const nothing of [{ actorId: "' OR 1=1" }, { subjectId: 'a\0' }, { action: 'NOTHING' }])
    expect((await list({ filter: nothing })).nodes).toEqual([]);
  await expect(list({ first: 1, after: 'bm9uc2Vuc2U' })).rejects.toMatchObject({
    extensions: { code: 'BAD_USER_INPUT' },
  });
});
