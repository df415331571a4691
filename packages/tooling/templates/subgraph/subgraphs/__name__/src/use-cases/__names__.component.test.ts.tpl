import { randomUUID } from 'node:crypto';
import { startTestDatabase, type TestDatabase } from '@shop/testing';
import { openDatabase, type Database } from '../db/database.ts';
import { create__Name__ } from './create-__name__.ts';
import { eraseAuthor } from './erase-author.ts';
import { createProduct__Names__Loader, list__Names__ } from './list-__names__.ts';

let server: TestDatabase;
let database: Database;
const now = () => new Date();

beforeAll(async () => {
  server = await startTestDatabase('__name__');
  database = openDatabase(server.url);
  await database.ping();
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

const newInput = (fields: object = {}) => ({
  productId: randomUUID(),
  text: 'Just right.',
  idempotencyKey: randomUUID(),
  ...fields,
});

async function create(fields: object = {}, authorId: string = randomUUID()) {
  const outcome = await create__Name__({ database, now }, newInput(fields), authorId);
  if (outcome.kind !== 'created') throw new Error(JSON.stringify(outcome));
  return outcome.__name__;
}

const listEvents = (__name__Id: string) => database.client.outbox.findMany({ where: { aggregateId: __name__Id } });

test('creates __a__ __name__ and publishes one event', async () => {
  const __name__ = await create({ text: '  Just right.  ' });
  expect(__name__.text).toBe('Just right.');
  expect((await listEvents(__name__.id)).map(({ type }) => type)).toEqual(['shop.__name__.created.v1']);
});

test('the same key with the same input returns the first __name__, also when both requests run at once', async () => {
  const [input, authorId] = [newInput(), randomUUID()];
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => create__Name__({ database, now }, input, authorId)));
  const ids = new Set(outcomes.map((outcome) => (outcome.kind === 'created' ? outcome.__name__.id : outcome.kind)));
  expect(ids.size).toBe(1);
  expect(await listEvents([...ids][0] ?? '')).toHaveLength(1);
});

test('the same key with another input is a conflict, and another author may use the key', async () => {
  const [input, authorId] = [newInput(), randomUUID()];
  await create(input, authorId);
  const other = { ...input, text: 'Not so good.' };
  expect(await create__Name__({ database, now }, other, authorId)).toEqual({ kind: 'idempotency-conflict' });
  await expect(create(other, randomUUID())).resolves.toMatchObject({ text: 'Not so good.' });
});

test.each([
  ['productId', { productId: 'no id' }],
  ['text', { text: ' ' }],
  ['text', { text: 'x'.repeat(2_001) }],
  ['idempotencyKey', { idempotencyKey: '' }],
])('refuses a bad %s', async (path, fields) => {
  expect(await create__Name__({ database, now }, newInput(fields), randomUUID())).toMatchObject({
    kind: 'invalid-input',
    issues: [{ path }],
  });
});

test('pages the __names__ of a product in both directions', async () => {
  const productId = randomUUID();
  const texts = ['first', 'second', 'third'];
  for (const [index, text] of texts.entries()) {
    const at = new Date(Date.UTC(2026, 0, 1 + index));
    await create__Name__({ database, now: () => at }, newInput({ productId, text }), randomUUID());
  }
  const load = (args: object) => createProduct__Names__Loader({ database }).load({ productId, args });
  const page = await load({ first: 2 });
  expect(page?.nodes.map(({ text }) => text)).toEqual(['third', 'second']);
  expect(await page?.totalCount()).toBe(3);
  const next = await load({ first: 2, after: page?.pageInfo.endCursor });
  expect(next?.nodes.map(({ text }) => text)).toEqual(['first']);
  expect(next?.pageInfo.hasNextPage).toBe(false);
  expect((await load({ last: 1 }))?.nodes.map(({ text }) => text)).toEqual(['first']);
});

test('lists all __names__, newest first', async () => {
  const __name__ = await create();
  const { nodes, totalCount } = await list__Names__({ database }, { first: 100 });
  expect(nodes.map(({ id }) => id)).toContain(__name__.id);
  expect(await totalCount()).toBeGreaterThanOrEqual(nodes.length);
});

test('erasing an account keeps its __names__ without their author', async () => {
  const authorId = randomUUID();
  const __name__ = await create({}, authorId);
  for (let times = 0; times < 2; times += 1) await database.transact((tx) => eraseAuthor(tx, authorId));
  const row = await database.client.__name__.findUniqueOrThrow({ where: { id: __name__.id } });
  expect(row).toMatchObject({ authorId: null, text: __name__.text });
});
