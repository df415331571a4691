import { randomInt } from 'node:crypto';
import { cp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { createRandom, eventually } from '@shop/testing';
import { chooseSize } from '@shop/testing/config';
import { checkAll } from '../faults/checks/check-all.ts';
import type { Evidence } from '../faults/checks/check.ts';
import { databasesOf } from '../faults/checks/databases.ts';
import { untilConfirmed, untilSettled } from '../faults/checks/settle.ts';
import type { Journal } from '../faults/load/journal.ts';
import { openShopFloor, type ShopFloor } from '../faults/load/shop-floor.ts';
import { startLoad } from '../faults/load/start-load.ts';
import { cutOff, flipBit, listFiles } from '../powercut/damage.ts';
import type { Shop } from '../shop.ts';

/** The short form has fewer orders before, during and after each loss. */
const size = {
  workers: chooseSize({ short: 4, long: 8 }),
  ordersAround: chooseSize({ short: 10, long: 30 }),
  ordersDuring: chooseSize({ short: 5, long: 10 }),
  ordersUnhandled: chooseSize({ short: 8, long: 20 }),
  eventsUnhandled: chooseSize({ short: 5, long: 15 }),
};

let shop: Shop;
let floor: ShopFloor;
let evidence: Evidence;

const streams = () => path.join(shop.stack.dataDir, 'nats');

/** Kills the broker. It does not restart. */
async function killBroker(): Promise<void> {
  shop.stack.nats?.kill('SIGKILL');
  await shop.stack.nats?.stop();
}

const stopBroker = async () => void (await shop.stack.nats?.stop());
const startBroker = async () => void (await shop.stack.nats?.start());

/** Waits until the given number of further orders is accepted. */
function moreOrders(count: number): Promise<void> {
  const wanted = floor.journal.orders.length + count;
  return eventually(() => expect(floor.journal.orders.length).toBeGreaterThanOrEqual(wanted));
}

/**
 * Creates orders whose events the broker has acknowledged and no consumer has handled, so that the broker's data
 * matters. It freezes the consumers first. Returns the ids of the events.
 */
async function publishUnhandled(): Promise<string[]> {
  shop.stack.service('product').kill('SIGSTOP');
  const since = new Date();
  await moreOrders(size.ordersUnhandled);
  return eventually(async () => {
    const rows = await evidence.databases.query<{ id: string }>(
      'order',
      `SELECT id FROM outbox WHERE type = 'shop.order.created.v1' AND created_at > $1::timestamptz AND published_at IS NOT NULL`,
      [since],
    );
    expect(rows.length).toBeGreaterThanOrEqual(size.eventsUnhandled);
    return rows.map(({ id }) => id);
  });
}

interface Forgotten {
  /** Ids of events that no consumer had handled when the broker lost them. */
  readonly unhandled: readonly string[];
  /** The broker runs again since then. */
  readonly backAt: Date;
}

/**
 * Accepts orders while the broker loses data. The system must recover without a person, and the returned events must
 * reach their follower after the broker came back.
 */
async function underLoad(forget: () => Promise<Forgotten>): Promise<void> {
  const load = startLoad(floor, { seed: randomInt(2 ** 32 - 1), workers: size.workers });
  let forgotten: Forgotten;
  try {
    await moreOrders(size.ordersAround);
    forgotten = await forget();
    shop.stack.service('product').kill('SIGCONT');
    await moreOrders(size.ordersAround);
  } finally {
    shop.stack.service('product').kill('SIGCONT');
    await load.finish();
  }
  const deadline = Date.now() + 60_000;
  expect(await untilSettled(evidence, deadline)).toBeNull();
  expect(await untilConfirmed(evidence, deadline)).toBeNull();
  expect(await checkAll(evidence, shop.stack)).toEqual([]);
  const handled = await evidence.databases.query(
    'product',
    'SELECT message_id FROM inbox WHERE message_id = ANY ($1::uuid[]) AND received_at > $2::timestamptz',
    [forgotten.unhandled, forgotten.backAt],
  );
  expect(handled).toHaveLength(forgotten.unhandled.length);
}

async function loseEverything(): Promise<Forgotten> {
  const unhandled = await publishUnhandled();
  await killBroker();
  await rm(streams(), { recursive: true });
  await moreOrders(size.ordersDuring); // accepted while the broker is down
  const backAt = new Date();
  await startBroker();
  return { unhandled, backAt };
}

async function restoreOlderCopy(): Promise<Forgotten> {
  const copy = `${streams()}-older`;
  await killBroker();
  await cp(streams(), copy, { recursive: true });
  await startBroker();
  await moreOrders(size.ordersAround); // published, acknowledged and handled, but missing in the copy
  const unhandled = await publishUnhandled();
  await killBroker();
  await rm(streams(), { recursive: true });
  await rename(copy, streams());
  await moreOrders(size.ordersDuring);
  const backAt = new Date();
  await startBroker();
  return { unhandled, backAt };
}

/** The newest file with messages of each stream. */
async function findLastBlocks(): Promise<string[]> {
  const blocks = await listFiles(streams(), (file) => file.endsWith('.blk'));
  const number = (file: string) => Number.parseInt(path.basename(file), 10);
  return blocks.filter((file) =>
    blocks.every((other) => path.dirname(other) !== path.dirname(file) || number(other) <= number(file)),
  );
}

/** The directories with the messages of each stream. */
async function findMessages(root = streams()): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter(({ name }) => name === 'msgs').map(({ parentPath }) => path.join(parentPath, 'msgs'));
}

const random = createRandom(randomInt(2 ** 32));
const older = () => `${streams()}-older`;

interface Damage {
  readonly name: string;
  /** Default: the broker is killed. `stopBroker` lets it write the state of its streams. */
  readonly endBroker?: () => Promise<void>;
  readonly damage: () => Promise<void>;
}

/** What a power cut leaves of a store: some files, or parts of files, are older than others. */
const damages: readonly Damage[] = [
  {
    name: 'the last block of messages is cut off',
    damage: async () => {
      for (const block of await findLastBlocks()) await cutOff(block, random);
    },
  },
  {
    name: 'bits of a block of messages are flipped',
    damage: async () => {
      for (const block of await findLastBlocks()) for (let bit = 0; bit < 8; bit += 1) await flipBit(block, random);
      await cp(streams(), older(), { recursive: true }); // for the next damages
    },
  },
  {
    name: 'the positions of consumers are beyond the messages',
    damage: async () => {
      for (const messages of await findMessages()) {
        await rm(messages, { recursive: true });
        await cp(path.join(older(), path.relative(streams(), messages)), messages, { recursive: true });
      }
    },
  },
  {
    name: 'the state of a stream claims more messages than there are',
    endBroker: stopBroker,
    damage: async () => {
      for (const block of await listFiles(streams(), (file) => file.endsWith('.blk'))) await rm(block);
      for (const block of await listFiles(older(), (file) => file.endsWith('.blk')))
        await cp(block, path.join(streams(), path.relative(older(), block)));
    },
  },
  {
    name: 'the messages are gone, and the streams and consumers are there',
    damage: async () => {
      for (const messages of await findMessages())
        for (const name of await readdir(messages)) await rm(path.join(messages, name));
    },
  },
];

async function damageStore(): Promise<Forgotten> {
  const backAt = new Date();
  const unhandled: string[] = [];
  for (const { endBroker = killBroker, damage } of damages) {
    unhandled.push(...(await publishUnhandled()));
    await endBroker();
    await damage();
    await startBroker();
    shop.stack.service('product').kill('SIGCONT');
    await moreOrders(size.ordersDuring);
  }
  return { unhandled, backAt };
}

const losses: readonly (readonly [name: string, forget: () => Promise<Forgotten>])[] = [
  ['the broker loses all its data', loseEverything],
  ['the broker starts from an older copy of its data', restoreOlderCopy],
  [`the broker starts on a damaged store: ${damages.map(({ name }) => name).join('; ')}`, damageStore],
];
/**
 * The short form draws one of them each time. The broker-restored test of packages/messaging has the losses in small, without damaged
 * files.
 */
const firstLoss = randomInt(losses.length);

/**
 * The broker loses or damages its data under load.
 *
 * @param journal has all orders that were placed before
 */
export function testBrokerLosses(openedShop: () => Shop, journal: Journal): void {
  beforeAll(async () => {
    shop = openedShop();
    floor = await openShopFloor(shop, 100, { journal });
    const { traffic, scarce, units } = floor;
    evidence = { databases: databasesOf(shop.stack), journal, traffic, scarce, units };
  });

  test.each([...losses, ...losses].slice(firstLoss, firstLoss + chooseSize({ short: 1, long: losses.length })))(
    'no event is lost or handled twice when %s',
    (_name, forget) => underLoad(forget),
    240_000,
  );
}
