import path from 'node:path';
import {
  findAccounts,
  findConsumer,
  findProducts,
  findStream,
  inventoryUpdated,
  refundFailed,
  topology,
  userDeleted,
  type ServiceName,
} from '@shop/contracts';
import {
  appendToOutbox,
  connectBroker,
  fromPg,
  newEvent,
  startConsumer,
  startRelay,
  type Broker,
  type OutboxEvent,
} from '@shop/messaging';
import { startNats } from '@shop/stack';
import { sqlOver, uuidv7 } from '@shop/subgraph';
import { eventually, startTestDatabase, temporaryDirectory } from '@shop/testing';
import pg from 'pg';
import { newCaller, openTaskScene, type TaskScene } from '../../test/task-scene.ts';
import type { Project } from '../domain/project.ts';
import { openShopTasks } from '../use-cases/open-shop-tasks.ts';
import { setProjectMember } from '../use-cases/set-project-member.ts';
import { createAccountQuestion, createProductQuestion } from './ask.ts';
import { createHandlers } from './consume.ts';

let scene: TaskScene;
let project: Project;
let asking: Broker;
const owner = newCaller();
const accounts = new Map<string, { readonly active: boolean }>();
const outboxes = new Map<ServiceName, pg.Pool>();
const stops: (() => Promise<unknown>)[] = [];
const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const followed = ['user', 'product', 'order'] as const;

/** The real broker, with the publishers and responders of the three services that the subgraph needs. */
beforeAll(async () => {
  const directory = await temporaryDirectory();
  stops.unshift(() => directory.remove());
  scene = await openTaskScene();
  stops.unshift(() => scene.stop());
  project = await scene.openProject(owner);
  const nats = await startNats({ dataDir: path.join(directory.path, 'nats') });
  stops.unshift(() => nats.stop());
  const connect = async (service: string) => {
    const broker = await connectBroker({ url: nats.url(), service, topology, logger });
    stops.unshift(() => broker.close());
    return broker;
  };
  const brokers = new Map<string, Broker>();
  for (const name of followed) {
    const database = await startTestDatabase(name);
    stops.unshift(() => database.stop());
    const pool = new pg.Pool({ connectionString: database.url, max: 2 });
    stops.unshift(() => pool.end());
    outboxes.set(name, pool);
    const broker = await connect(name);
    brokers.set(name, broker);
    const relay = await startRelay({ databaseUrl: database.url, broker, stream: findStream(name), logger });
    stops.unshift(() => relay.stop());
  }
  brokers.get('user')?.respond(findAccounts, async (payload) => ({
    accounts: findAccounts.request.parse(payload).userIds.flatMap((userId) => {
      const account = accounts.get(userId);
      return account ? [{ userId, role: 'CUSTOMER', emailVerified: true, ...account }] : [];
    }),
  }));
  brokers.get('product')?.respond(findProducts, async (payload) => ({
    products: findProducts.request.parse(payload).productIds.map((productId) => ({
      ...{ productId, sku: 'TEA-1', name: 'Teapot', priceMinor: 1999, currencyCode: 'USD', onSale: true, version: 1 },
    })),
  }));
  asking = await connect('task');
  const handlers = createHandlers({
    shopTasks: { projectKey: project.key, lowStockThreshold: 5 },
    now: () => new Date(),
  });
  for (const name of followed) {
    const consumer = findConsumer('task', name);
    const running = await startConsumer({
      broker: asking,
      consumer,
      handlers: handlers.filter(({ type }) => consumer.subjects.includes(type)),
      transact: scene.database.transact,
      sql: sqlOver,
      logger,
      maxAttempts: 2,
      backoff: { firstMs: 10, maxMs: 10 },
    });
    stops.unshift(() => running.stop());
  }
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

const publish = (name: (typeof followed)[number], ...events: OutboxEvent[]) =>
  appendToOutbox(fromPg(outboxes.get(name) as pg.Pool), events);
const soon = { timeoutMs: 45_000 };

test('only accounts that exist and are active become members, as the user service says over the broker', async () => {
  const [active, inactive] = [uuidv7(), uuidv7()];
  accounts.set(active, { active: true }).set(inactive, { active: false });
  const dependencies = { ...scene.dependencies, isActiveAccount: createAccountQuestion(asking) };
  const add = async (userId: string) =>
    (await setProjectMember(dependencies, { projectId: project.id, userId, role: 'MEMBER' }, owner)).kind;
  expect(await Promise.all([active, inactive, uuidv7()].map(add))).toEqual(['set', 'not-a-member', 'not-a-member']);
});

test('an account cannot be checked while nobody answers, and the caller is told to try again', async () => {
  const silent = { request: () => asking.request({ ...findAccounts, subject: 'shop.request.user.nobody.v1' }, {}) };
  const question = createAccountQuestion(silent);
  await expect(question(uuidv7())).rejects.toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } });
});

test('the deletion of an account clears its tasks and memberships', async () => {
  const member = await scene.addMember(project, owner, 'MANAGER');
  const task = await scene.openTask(project, owner, { assigneeId: member.userId });
  const { userId } = member;
  await publish('user', newEvent(userDeleted, { aggregateId: userId, data: { userId, role: 'CUSTOMER' } }));
  await eventually(async () => expect(await scene.rolesOf(project.id)).not.toHaveProperty(userId), soon);
  const row = await scene.database.client.task.findUniqueOrThrow({ where: { id: task.id } });
  expect(row.assigneeId).toBeNull();
});

test('stock that falls and a refund that fails open tasks, and stock that is back closes its task', async () => {
  const dependencies = {
    ...scene.dependencies,
    askForProducts: createProductQuestion(asking),
    shopTasks: { projectKey: project.key, lowStockThreshold: 5 },
  };
  const [productId, orderId, refundId] = [uuidv7(), uuidv7(), uuidv7()];
  const stock = (available: number, sequence: number) =>
    newEvent(inventoryUpdated, {
      aggregateId: productId,
      data: { productId, onHand: available, reserved: 0, available, sequence },
    });
  const refund = {
    orderId,
    orderNumber: 'ABC-1',
    paymentId: uuidv7(),
    amountMinor: 500,
    currencyCode: 'JPY',
    refundId,
  };
  await publish('product', stock(20, 1), stock(3, 2), stock(20, 1));
  await publish('order', newEvent(refundFailed, { aggregateId: orderId, data: { ...refund, reason: null } }));
  const statuses = async () => {
    await openShopTasks(dependencies);
    const rows = await scene.database.client.task.findMany({ where: { OR: [{ productId }, { orderId }] } });
    return Object.fromEntries(rows.map(({ title, status }) => [title, status]));
  };
  await eventually(
    async () =>
      expect(await statuses()).toEqual({ 'Restock Teapot': 'TODO', 'Refund 500 JPY for order ABC-1 by hand': 'TODO' }),
    soon,
  );
  await publish('product', stock(100, 3));
  await eventually(async () => expect(await statuses()).toMatchObject({ 'Restock Teapot': 'DONE' }), soon);
});

test('without a project, stock and refunds leave no trace', () => {
  const off = createHandlers({ shopTasks: { projectKey: null, lowStockThreshold: 5 }, now: () => new Date() });
  const irrelevant = off.filter((handler) => !handler.isRelevant({})).map(({ type }) => type);
  expect(irrelevant).toEqual([inventoryUpdated.type, refundFailed.type]);
});
