import { randomInt, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { CancelOrder, createShopClient, expectSuccess, PayOrder, signIn } from '@shop/client';
import { type ServiceName, serviceNames } from '@shop/contracts';
import { eventually, type GraphqlClient, temporaryDirectory, type TemporaryDirectory } from '@shop/testing';
import { chooseSize, isLongRun } from '@shop/testing/config';
import pg from 'pg';
import { type CommandRun, runCommand } from '../cli/test/run-command.ts';
import { openShop, password, placeOrder, registerCustomer, type Shop, untilStatus } from './shop.ts';

/** Orders that are finished before each backup and after the last one. Others are on their way meanwhile. */
const ORDERS = chooseSize({ short: 4, long: 150 });
const WORKERS = 3;
const PATIENT = { timeoutMs: 180_000 };

let directory: TemporaryDirectory;
let dataDir: string;
let shop: Shop | undefined;
let email: string;
/** The product that was created between the two backups. */
let newProduct: string;
const newSku = 'MADE-BETWEEN-THE-BACKUPS';
/** Backups of a busy system, from two moments. */
let early: string;
let late: string;
/** The orders that may be in the later backup. */
let lateOrders: Map<string, string>;

beforeAll(async () => {
  directory = await temporaryDirectory();
  dataDir = path.join(directory.path, 'data');
  await start({ hasData: false });
  const products = [await shop!.newProduct({ initialStock: 10_000 }), await shop!.newProduct({ initialStock: 10_000 })];
  const customer = await registerCustomer(shop!.anonymous);
  ({ email } = customer);
  const load = startLoad(customer.client, products);
  await load.untilFinished(ORDERS);
  early = await backUp();
  newProduct = await shop!.newProduct({ sku: newSku, name: 'Made between the backups' });
  await load.untilFinished(2 * ORDERS);
  late = await backUp();
  lateOrders = await readOrders();
  await load.untilFinished(3 * ORDERS);
  await load.stop();
  await shop!.stop();
}, 900_000);
afterAll(async () => {
  await shop?.stop();
  await directory?.remove();
});

/** Orders of this test must not expire while it compares them. */
async function start({ hasData = true } = {}): Promise<void> {
  shop = await openShop({ dataDir, hasData, env: { RESERVATION_SECONDS: '3600' } });
}

/** Customers that place orders without a break, pay half of them and cancel a quarter. */
function startLoad(customer: GraphqlClient, products: readonly string[]) {
  let [finished, isStopped] = [0, false];
  const work = async () => {
    for (let index = 0; !isStopped; index += 1) {
      const { order } = await placeOrder(customer, [[products[index % products.length]!, 1]]);
      await untilStatus(customer, order.id, 'RESERVED', PATIENT.timeoutMs);
      if (index % 4 < 2)
        await customer.request(PayOrder, {
          input: { orderId: order.id, paymentToken: 'tok_visa', idempotencyKey: randomUUID() },
        });
      else if (index % 4 === 2) await customer.request(CancelOrder, { input: { orderId: order.id } });
      finished += 1;
    }
  };
  const workers = Promise.all(Array.from({ length: WORKERS }, work));
  return {
    untilFinished: (count: number) =>
      Promise.race([eventually(() => expect(finished).toBeGreaterThanOrEqual(count), { timeoutMs: 400_000 }), workers]),
    stop: async () => {
      isStopped = true;
      await workers;
    },
  };
}

/** Runs a command on the data directory, as an operator does. */
const runShop = (...args: readonly string[]): Promise<CommandRun> =>
  runCommand(args, { env: { PATH: process.env['PATH'], HOME: process.env['HOME'], DATA_DIR: dataDir } });

/** Runs a command that must succeed, and returns what it prints. */
async function run(...args: readonly string[]): Promise<string> {
  const result = await runShop(...args);
  expect(result).toMatchObject({ code: 0 });
  return result.stdout;
}

async function backUp(): Promise<string> {
  const output = await run('backup', '--directory', path.join(directory.path, 'backups'), '--json');
  return (JSON.parse(output) as { path: string }).path;
}

/** Restores some databases from the earlier backup and all others from the later one. */
async function restoreOlder(older: readonly ServiceName[]): Promise<string> {
  const newer = serviceNames.filter((name) => !older.includes(name));
  await run('restore', late, '--replace', '--service', ...newer);
  return run('restore', early, '--replace', '--service', ...older);
}

/** Follows docs/operations/restore.md from step 2 to step 5. */
async function restoreAndStart(restore: () => Promise<string>): Promise<void> {
  const output = await restore();
  // Step 3: the broker starts empty.
  expect(existsSync(path.join(dataDir, 'nats'))).toBe(false);
  const since = /republish --since (\S+)/.exec(output)?.[1] ?? '';
  await start();
  const published = JSON.parse(await run('events', 'republish', '--since', since, '--json')) as {
    services: { events: number }[];
  };
  expect(published.services.reduce((sum, { events }) => sum + events, 0)).toBeGreaterThan(0);
}

/** The statuses of all orders, or of all reservations, by the order's id. */
async function readStatuses(name: ServiceName, text: string): Promise<Map<string, string>> {
  const client = new pg.Client({ connectionString: shop!.stack.databaseUrl(name) });
  await client.connect();
  const { rows } = await client.query<{ id: string; status: string }>(text);
  await client.end();
  return new Map(rows.map(({ id, status }) => [id, status]));
}

const readOrders = () => readStatuses('order', 'SELECT id, status FROM orders');
const readReservations = () => readStatuses('product', 'SELECT order_id AS id, status FROM reservations');

interface Reconciliation {
  readonly exitCode: number;
  /** One line for each difference, and one with their number. */
  readonly lines: readonly string[];
}

/** Runs `shop reconcile`, as step 6 of docs/operations/restore.md says. */
async function reconcile(): Promise<Reconciliation> {
  const { code, stdout } = await runShop('reconcile');
  return { exitCode: code, lines: stdout.trim().split('\n') };
}

const clean: Reconciliation = { exitCode: 0, lines: ['Everything agrees: no differences.'] };

const holdsStock = (status: string | undefined) => ['RESERVED', 'PAID'].includes(status ?? '');

/** People sign in, and orders are placed: all databases work together. */
async function checkShopIsOpen(): Promise<void> {
  const client = createShopClient({ url: shop!.stack.graphqlUrl });
  expectSuccess(await signIn(client, { email, password }));
  const product = await shop!.newProduct();
  const { client: customer } = await registerCustomer(shop!.anonymous);
  const { order } = await placeOrder(customer, [[product, 1]]);
  await untilStatus(customer, order.id, 'RESERVED', PATIENT.timeoutMs);
}

/** Restores a backup into another data directory. */
async function restoreElsewhere(): Promise<string> {
  const former = dataDir;
  dataDir = path.join(directory.path, 'other-machine');
  await cp(path.join(former, 'secrets'), path.join(dataDir, 'secrets'), { recursive: true });
  return run('restore', late);
}

async function expectNoDifference(): Promise<void> {
  expect([...(await readOrders()).values()].filter(holdsStock).length).toBeGreaterThan(0);
  await eventually(async () => expect(await reconcile()).toEqual(clean), PATIENT);
}

async function expectForgottenProduct(): Promise<void> {
  const forgotten = `catalogue-copy: ${newSku} (${newProduct}): it is in the order subgraph's copy, and not in the catalogue`;
  await eventually(
    async () => expect(await reconcile()).toEqual({ exitCode: 1, lines: [forgotten, '1 difference.'] }),
    PATIENT,
  );
}

async function expectForgottenOrders(): Promise<void> {
  const { exitCode, lines } = await eventually(async () => {
    const [orders, reservations] = [await readOrders(), await readReservations()];
    // An order holds stock on one side only: it was placed, or cancelled, after the earlier backup.
    const unknowable = [...reservations]
      .filter(([id, status]) => (status === 'RESERVED') !== holdsStock(orders.get(id)))
      .map(([id]) => id);
    expect(unknowable.length).toBeGreaterThan(0);
    expect([...lateOrders.keys()]).toEqual(expect.arrayContaining(unknowable));
    const result = await reconcile();
    expect(result.lines.slice(0, -1).map((line) => /[0-9a-f-]{36}/.exec(line)?.[0])).toEqual(unknowable.sort());
    return result;
  }, PATIENT);
  expect(exitCode).toBe(1);
  expect(lines.slice(0, -1).filter((line) => !line.startsWith('order-stock: '))).toEqual([]);

  // Orders whose cancellation was forgotten agree again once they are cancelled.
  const forgotten = lines.filter((line) => line.includes('it does not exist, and has stock reserved'));
  const cancelled = lines.flatMap((line) => /^order-stock: order \S+ \((\S+)\): it is RESERVED/.exec(line)?.[1] ?? []);
  expect(forgotten.length + cancelled.length).toBe(lines.length - 1);
  const client = createShopClient({ url: shop!.stack.graphqlUrl });
  const { tokens } = expectSuccess(await signIn(client, { email, password }));
  for (const orderId of cancelled)
    await shop!.anonymous.as(tokens.accessToken).request(CancelOrder, { input: { orderId } });
  await eventually(async () => expect((await reconcile()).lines.slice(0, -1)).toEqual(forgotten), PATIENT);
}

interface Drill {
  readonly name: string;
  readonly restore: () => Promise<string>;
  readonly check: () => Promise<void>;
}

const drills: readonly Drill[] = [
  {
    name: 'a backup of a busy system, restored into a new one, ends without a difference',
    restore: restoreElsewhere,
    check: expectNoDifference,
  },
  {
    name: 'a product database that is older than the rest catches up, and lacks only the product that it forgot',
    restore: () => restoreOlder(['product']),
    check: expectForgottenProduct,
  },
  {
    name: 'stock of orders that an older order database forgot is named, and nothing else',
    restore: () => restoreOlder(['order']),
    check: expectForgottenOrders,
  },
];
/** The short form draws one of them each time. */
const chosen = isLongRun() ? drills : [drills[randomInt(drills.length)]!];

test.each(chosen)(
  '$name',
  async ({ restore, check }) => {
    await restoreAndStart(restore);
    await check();
    await checkShopIsOpen();
    await shop!.stop();
  },
  900_000,
);
