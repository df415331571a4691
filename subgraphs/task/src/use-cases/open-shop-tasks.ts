import { findCurrencyExponent, type OrderableProduct } from '@shop/contracts';
import { appendToOutbox } from '@shop/messaging';
import { sqlOver, uuidv7 } from '@shop/subgraph';
import type { Transaction } from '../db/database.ts';
import { lockDueRefunds, settleRefund } from '../db/failed-refunds.ts';
import { findProjectByKey, lockProject, takeTaskNumbers } from '../db/projects.ts';
import { listUntold, lockDueWatches, settleWatch, type DueWatch } from '../db/stock-watches.ts';
import { findProjectOfTask, insertTask, lockTask, updateTask } from '../db/tasks.ts';
import type { Project } from '../domain/project.ts';
import { describeFailedRefund, describeRestock } from '../domain/shop-tasks.ts';
import { changeTask, openTask, type NewTask, type Task } from '../domain/task.ts';
import { hasEnded } from '../domain/task-status.ts';
import { taskWasCreated, taskWasUpdated } from '../events/outgoing.ts';
import type { Dependencies } from './dependencies.ts';

type Needs = Pick<Dependencies, 'database' | 'askForProducts' | 'shopTasks' | 'now'>;

/** The products that ran low, by id. Null: there is no such product. */
type Products = ReadonlyMap<string, OrderableProduct | null>;

/** Products and refunds per transaction. A request for products takes 100. */
const BATCH = 50;

/**
 * Opens the tasks of products that ran low, closes those of products that are back, and opens the tasks of failed refunds. Does one
 * batch, and returns whether there may be more. Any number of replicas share the work.
 *
 * @throws Error when there is no project to open tasks in, or nobody answers for the products. What is due then waits.
 */
export async function openShopTasks(dependencies: Needs): Promise<boolean> {
  const { projectKey } = dependencies.shopTasks;
  if (projectKey === null) return false;
  // Tasks are closed first, and for themselves: that needs neither the project nor another service.
  const closed = await closeRestockTasks(dependencies);
  const opened = await openTasks(dependencies, projectKey);
  return closed || opened;
}

function closeRestockTasks({ database, now }: Needs): Promise<boolean> {
  return database.transact(async (tx) => {
    const watches = await lockDueWatches(tx, 'BACK', BATCH);
    for (const watch of watches) await closeRestock(tx, watch, now());
    return watches.length === BATCH;
  });
}

async function openTasks(dependencies: Needs, projectKey: string): Promise<boolean> {
  const { database, now } = dependencies;
  // Products are asked for before the locks: a lock never waits for another service.
  const products = await findUntoldProducts(dependencies);
  return database.transact(async (tx) => {
    const watches = await lockDueWatches(tx, 'LOW_UNTOLD', BATCH);
    const refunds = await lockDueRefunds(tx, BATCH);
    // A product that was not asked about waits for the next batch.
    const ready = watches.filter(({ productId }) => products.has(productId));
    if (ready.length + refunds.length === 0) return false;
    const project = await requireProject(tx, projectKey);
    for (const watch of ready) await openRestock(tx, project, watch, products.get(watch.productId) ?? null, now());
    for (const refund of refunds) {
      const task = describeFailedRefund(refund, findCurrencyExponent(refund.currencyCode) ?? 0);
      const { id } = await open(tx, project, task, now());
      await settleRefund(tx, refund.refundId, id, now());
    }
    return watches.length === BATCH || refunds.length === BATCH;
  });
}

async function findUntoldProducts({ database, askForProducts }: Needs): Promise<Products> {
  const productIds = await listUntold(database, 2 * BATCH);
  if (productIds.length === 0) return new Map();
  const found = new Map((await askForProducts(productIds)).map((product) => [product.productId, product]));
  return new Map(productIds.map((id) => [id, found.get(id) ?? null]));
}

async function requireProject(tx: Transaction, key: string): Promise<Project> {
  const found = await findProjectByKey(tx, key);
  const project = found && (await lockProject(tx, found.id, 'NO KEY UPDATE'));
  if (project === null || project.archived)
    throw new Error(
      `RESTOCK_PROJECT names ${key}, which is ${project === null ? 'no project' : 'an archived project'}. ` +
        'Create that project, or name another one.',
    );
  return project;
}

/** Opens the task of a product that ran low, unless it is off sale: then nobody misses it. */
async function openRestock(
  tx: Transaction,
  project: Project,
  { productId, available }: DueWatch,
  product: OrderableProduct | null,
  at: Date,
): Promise<void> {
  const task = product?.onSale === true ? await open(tx, project, describeRestock(product, available), at) : null;
  await settleWatch(tx, { productId, state: 'LOW', taskId: task?.id ?? null });
}

/** Closes the task of a product whose stock is back, unless somebody has done so, deleted it, or archived its project. */
async function closeRestock(tx: Transaction, { productId, taskId }: DueWatch, at: Date): Promise<void> {
  await settleWatch(tx, { productId, state: 'STOCKED', taskId: null });
  const projectId = taskId === null ? null : await findProjectOfTask(tx, taskId);
  if (taskId === null || projectId === null) return;
  const project = await lockProject(tx, projectId, 'SHARE');
  const task = await lockTask(tx, taskId);
  if (task === null || project?.archived !== false || hasEnded(task.status)) return;
  const decision = changeTask(task, { status: 'DONE' }, at);
  if (decision.kind !== 'changed') return;
  await updateTask(tx, task, decision.task, null);
  await appendToOutbox(sqlOver(tx), taskWasUpdated(task, decision.task, null));
}

/** Opens a task of the system: nobody created it, and nobody has it yet. */
async function open(
  tx: Transaction,
  project: Project,
  fields: Pick<NewTask, 'title' | 'description' | 'priority' | 'orderId' | 'productId'>,
  at: Date,
): Promise<Task> {
  const number = await takeTaskNumbers(tx, project.id);
  const own = { id: uuidv7(), projectId: project.id, dueAt: null, assigneeId: null, creatorId: null };
  const task = openTask({ ...own, ...fields }, { key: project.key, number }, at);
  await insertTask(tx, task, null);
  await appendToOutbox(sqlOver(tx), taskWasCreated(task, null));
  return task;
}
