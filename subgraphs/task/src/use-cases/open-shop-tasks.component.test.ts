import type { OrderableProduct } from '@shop/contracts';
import { uuidv7 } from '@shop/subgraph';
import { newCaller, openTaskScene, type TaskScene } from '../../test/task-scene.ts';
import { archiveProject } from './archive-project.ts';
import type { Dependencies } from './dependencies.ts';
import { countOverdue } from './count-overdue.ts';
import { deleteTask } from './delete-task.ts';
import { openShopTasks } from './open-shop-tasks.ts';
import { reportFailedRefund } from './report-failed-refund.ts';
import { updateTask } from './update-task.ts';
import { watchStock } from './watch-stock.ts';

let scene: TaskScene;
beforeAll(async () => {
  scene = await openTaskScene();
});
afterAll(() => scene?.stop());

const product = (productId: string, rest: Partial<OrderableProduct> = {}): OrderableProduct => ({
  productId,
  sku: 'TEA-1',
  name: 'Teapot',
  priceMinor: 1999,
  currencyCode: 'USD',
  onSale: true,
  version: 1,
  ...rest,
});

/** A project of its own that takes the tasks, and a product that the shop knows. */
async function openShop(overrides: Partial<Dependencies> = {}) {
  const owner = newCaller();
  const project = await scene.openProject(owner);
  const productId = uuidv7();
  const dependencies: Dependencies = {
    ...scene.dependencies,
    shopTasks: { projectKey: project.key, lowStockThreshold: 5 },
    askForProducts: async (ids) => ids.map((id) => product(id)),
    ...overrides,
  };
  let sequence = 1;
  const report = (available: number, at = (sequence += 1), about = productId) =>
    scene.database.transact((tx) =>
      watchStock(tx, [{ productId: about, available, sequence: at }], { threshold: 5, at: new Date() }),
    );
  const work = async () => {
    while (await openShopTasks(dependencies));
  };
  return {
    owner,
    project,
    productId,
    dependencies,
    report,
    work,
    tasks: () => scene.database.client.task.findMany({ where: { projectId: project.id }, orderBy: { id: 'asc' } }),
  };
}

// Work that one test leaves due must not be another one's.
afterEach(async () => {
  await scene.database.client.stockWatch.deleteMany();
  await scene.database.client.failedRefund.deleteMany();
});

test('stock that falls opens one task with the name of the product, which is closed when the stock is back', async () => {
  const { report, work, tasks, productId } = await openShop();
  for (const available of [20, 5, 4, 7, 3, 0]) {
    await report(available);
    await work();
  }
  const [task, ...others] = await tasks();
  expect(others).toEqual([]);
  expect(task).toMatchObject({ title: 'Restock Teapot', status: 'TODO', priority: 'HIGH', creatorId: null, productId });
  expect(task?.description).toContain('5 units are left of Teapot (SKU TEA-1)');
  await report(7);
  await work();
  expect((await tasks())[0]?.status).toBe('TODO');
  await report(8);
  await work();
  const [closed] = await tasks();
  expect(closed).toMatchObject({ status: 'DONE', completedAt: expect.any(Date) as Date });
  expect((await scene.eventsOf(closed?.id ?? '')).map(([type]) => type)).toEqual([
    'shop.task.created.v1',
    'shop.task.updated.v1',
  ]);
  await report(2);
  await work();
  expect((await tasks()).map(({ status }) => status)).toEqual(['DONE', 'TODO']);
});

test('late, repeated and reordered reports change nothing', async () => {
  const { report, work, tasks } = await openShop();
  await report(20, 10);
  await report(3, 12);
  for (const [available, sequence] of [
    [30, 11],
    [3, 12],
    [20, 10],
  ] as const)
    await report(available, sequence);
  await work();
  expect((await tasks()).map(({ status }) => status)).toEqual(['TODO']);
  await report(50, 20);
  await report(1, 19);
  await work();
  expect((await tasks()).map(({ status }) => status)).toEqual(['DONE']);
});

test('several processes at once open one task for each product, with numbers of their own', async () => {
  const { dependencies, report, project, tasks } = await openShop();
  const ids = Array.from({ length: 30 }, () => uuidv7());
  for (const id of ids) await report(2, 7, id);
  const replicas = [scene.replica(), scene.replica(), scene.replica()];
  try {
    const work = async (database: Dependencies['database']) => {
      // A process that finds everything locked by others returns early, and looks again.
      for (let round = 0; round < 5; round += 1) await openShopTasks({ ...dependencies, database });
    };
    await Promise.all(replicas.map(work));
  } finally {
    await Promise.all(replicas.map((replica) => replica.close()));
  }
  const rows = await tasks();
  expect(rows.map(({ productId }) => productId).sort()).toEqual([...ids].sort());
  expect(new Set(rows.map(({ key }) => key)).size).toBe(30);
  expect(rows.every(({ key }) => key.startsWith(`${project.key}-`))).toBe(true);
});

test('a product that is off sale or unknown needs no task', async () => {
  const [offSale, unknown] = [uuidv7(), uuidv7()];
  const { report, work, tasks } = await openShop({ askForProducts: async () => [product(offSale, { onSale: false })] });
  await report(0, 7, offSale);
  await report(0, 7, unknown);
  await work();
  expect(await tasks()).toEqual([]);
  expect(await scene.database.client.stockWatch.count({ where: { state: 'LOW' } })).toBe(2);
});

test('a task that somebody closed or deleted is not opened again before the next fall', async () => {
  const { report, work, tasks, owner, productId } = await openShop();
  await report(2);
  await work();
  const [first] = await tasks();
  await updateTask(scene.dependencies, { id: first?.id, status: 'CANCELLED' }, owner);
  await report(20);
  await work();
  expect((await tasks()).map(({ status }) => status)).toEqual(['CANCELLED']);
  await report(2);
  await work();
  const [, second] = await tasks();
  await deleteTask(scene.dependencies, second?.id ?? '', owner);
  await report(1);
  await work();
  expect(await tasks()).toHaveLength(1);
  await report(20);
  await work();
  expect(await scene.database.client.stockWatch.findUnique({ where: { productId } })).toMatchObject({
    state: 'STOCKED',
  });
});

test('a failed refund opens one task about its order, however often it is reported', async () => {
  const { dependencies, work, tasks } = await openShop();
  const refund = {
    refundId: uuidv7(),
    orderId: uuidv7(),
    orderNumber: 'ABC-1',
    amountMinor: 1999,
    currencyCode: 'USD',
    reason: 'account closed',
  };
  const report = () => scene.database.transact((tx) => reportFailedRefund(tx, refund, dependencies.now()));
  await report();
  await work();
  await report();
  await work();
  const [task, ...others] = await tasks();
  expect(others).toEqual([]);
  expect(task).toMatchObject({
    title: 'Refund 19.99 USD for order ABC-1 by hand',
    priority: 'URGENT',
    orderId: refund.orderId,
  });
});

test('what is due waits while the project is missing or archived, or nobody answers, and is reported', async () => {
  const { report, dependencies, owner, project, tasks, work } = await openShop();
  await report(2);
  const { projectKey, ...threshold } = dependencies.shopTasks;
  const missing = { ...dependencies, shopTasks: { projectKey: 'NOWHERE', ...threshold } };
  await expect(openShopTasks(missing)).rejects.toThrow('RESTOCK_PROJECT names NOWHERE, which is no project');
  const silent = { ...dependencies, askForProducts: () => Promise.reject(new Error('nobody answers')) };
  await expect(openShopTasks(silent)).rejects.toThrow('nobody answers');
  const later = { ...dependencies, now: () => new Date(Date.now() + 120_000) };
  expect(await countOverdue(later, 60_000)).toEqual({ 'restocking tasks': 1, 'tasks of failed refunds': 0 });
  expect(await countOverdue(dependencies, 60_000)).toEqual({ 'restocking tasks': 0, 'tasks of failed refunds': 0 });
  await work();
  expect(await tasks()).toHaveLength(1);
  await archiveProject(scene.dependencies, project.id, owner);
  await report(30);
  await work();
  // A task of an archived project stays as it is.
  expect((await tasks())[0]?.status).toBe('TODO');
  await report(1);
  await expect(work()).rejects.toThrow(`RESTOCK_PROJECT names ${projectKey}, which is an archived project`);
});

test('without a project, nothing is opened and nothing is overdue', async () => {
  const { report, dependencies, tasks } = await openShop();
  await report(2);
  const off = { ...dependencies, shopTasks: { projectKey: null, lowStockThreshold: 5 } };
  expect(await openShopTasks(off)).toBe(false);
  expect(await countOverdue(off, 0)).toEqual({});
  expect(await tasks()).toEqual([]);
});
