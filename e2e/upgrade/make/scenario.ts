import { eventually } from '@shop/testing';
import type { Databases } from './databases.ts';
import type { createNotes } from './notes.ts';
import { deactivate, deleteAccount, describeAccount, enter, makeStaff, openSessions, register } from './people.ts';
import type { Person } from './people.ts';
import {
  adjustStock,
  cancel,
  createCategory,
  createProduct,
  moveOn,
  pay,
  placeOrder,
  placePaidOrder,
  placeReservedOrder,
  refund,
  requireResult,
  takeOffSale,
  untilStatus,
} from './trade.ts';

/** The shared state of the scenario's chapters. The URL differs for each start of the release. */
export interface Scene {
  readonly graphqlUrl: string;
  readonly databases: Databases;
  readonly notes: ReturnType<typeof createNotes>;
}

export interface Cast {
  readonly grace: Person;
  readonly ada: Person;
  readonly erin: Person;
}

export interface Goods {
  readonly teapot: string;
  readonly mug: string;
  readonly kimono: string;
  readonly print: string;
}

/** Reservations last for seconds: opens the shop, and lets an order expire. */
export async function openTheShop({ graphqlUrl, notes }: Scene, admin: Person): Promise<Goods> {
  const [grace, ada, ben, carl] = [
    await register(graphqlUrl, 'Grace'),
    await register(graphqlUrl, 'Ada'),
    await register(graphqlUrl, 'Ben'),
    await register(graphqlUrl, 'Carl'),
  ];
  await makeStaff(admin, grace);
  await deactivate(admin, carl);
  notes.accounts.push(
    describeAccount(grace, { role: 'STAFF' }),
    describeAccount(ada),
    describeAccount(ben),
    describeAccount(carl, { state: 'inactive' }),
  );
  notes.sessions.push(...(await openSessions(ben)));

  const staff = await enter(graphqlUrl, grace.email);
  await createCategory(staff, 'kitchen', 'Kitchen');
  await createCategory(staff, 'teapots', 'Teapots', 'kitchen');
  const goods = await stockGoods(staff);

  notes.note('an order that nobody paid in time', await letExpire(ada, goods.teapot));
  const tooMany = await placeOrder(ada, [goods.print, 2]);
  await untilStatus(ada, tooMany, 'FAILED');
  notes.note('an order for more than there is', tooMany);
  return goods;
}

async function stockGoods(staff: Person): Promise<Goods> {
  const usd = (amount: number) => ({ amount, currencyCode: 'USD' });
  const teapot = await createProduct(staff, {
    sku: 'TEAPOT-1',
    name: 'Cast iron teapot',
    description: 'Holds one litre and keeps it warm.',
    price: usd(1999),
    category: 'teapots',
    imageUrl: 'https://images.example/teapot.jpg',
    initialStock: 100,
  });
  const mug = await createProduct(staff, {
    sku: 'MUG-1',
    name: 'Stoneware mug',
    description: 'Glazed by hand.',
    price: usd(750),
    category: 'kitchen',
    initialStock: 50,
  });
  const kimono = await createProduct(staff, {
    sku: 'KIMONO-1',
    name: 'Cotton kimono',
    description: '',
    price: { amount: 24000, currencyCode: 'JPY' },
    initialStock: 10,
  });
  const print = await createProduct(staff, {
    sku: 'PRINT-1',
    name: 'Signed art print',
    description: '',
    price: usd(12000),
    initialStock: 1,
  });
  const retired = await createProduct(staff, {
    sku: 'KETTLE-1',
    name: 'Old kettle',
    description: '',
    price: usd(500),
    initialStock: 5,
  });
  await takeOffSale(staff, retired);
  await adjustStock(staff, teapot, 20, 'A delivery');
  await adjustStock(staff, teapot, -5, 'Broken in the warehouse');
  return { teapot, mug, kimono, print };
}

async function letExpire(customer: Person, product: string): Promise<string> {
  const id = await placeOrder(customer, [product, 2]);
  await untilStatus(customer, id, 'EXPIRED');
  return id;
}

/** Reservations last for weeks: these orders are still RESERVED after the upgrade. */
export async function reserveForLong({ graphqlUrl, notes: { note, accounts } }: Scene, goods: Goods): Promise<void> {
  const ada = await enter(graphqlUrl, 'ada@example.com');
  note('a reservation that lasts', await placeReservedOrder(ada, [goods.teapot, 1], [goods.mug, 2]));
  const unpaid = await placeReservedOrder(ada, [goods.mug, 1]);
  requireResult(await pay(ada, unpaid, 'tok_unavailable'), 'PaymentProviderUnavailable');
  note('a payment that failed, of a reservation that lasts', unpaid);

  const erin = await register(graphqlUrl, 'Erin');
  accounts.push(describeAccount(erin, { state: 'deleted' }));
  note(
    'a customer who deletes the account while there is no broker',
    await placeReservedOrder(erin, [goods.teapot, 1]),
    { customer: null },
  );
}

/** Reservations last for the default of 15 minutes: an order in each of the other states. */
export async function trade(scene: Scene, goods: Goods): Promise<Cast> {
  const { graphqlUrl, notes } = scene;
  const { note } = notes;
  const { teapot, mug, kimono } = goods;
  const [grace, ada, erin] = [
    await enter(graphqlUrl, 'grace@example.com'),
    await enter(graphqlUrl, 'ada@example.com'),
    await enter(graphqlUrl, 'erin@example.com'),
  ];
  note('a reservation that has run out by the time of the upgrade', await placeReservedOrder(ada, [teapot, 1]), {
    status: 'EXPIRED',
    addedHistory: ['EXPIRED'],
  });

  const paid = await placeReservedOrder(ada, [teapot, 1], [mug, 1]);
  requireResult(await pay(ada, paid, 'tok_declined'), 'PaymentDeclined');
  requireResult(await pay(ada, paid), 'PayOrderSuccess');
  note('an order that was paid with the second card', paid);

  const processing = note('an order that is being packed', await placePaidOrder(ada, [mug, 3]));
  await moveOn(grace, processing, 'PROCESSING', { note: 'As a present' });
  const shipped = note('an order that is on its way', await placePaidOrder(ada, [teapot, 2], [mug, 1]));
  await moveOn(grace, shipped, 'PROCESSING');
  await moveOn(grace, shipped, 'SHIPPED', { trackingNumber: 'TRACK-1' });
  const delivered = note('an order that has arrived', await placePaidOrder(ada, [kimono, 1]));
  await deliver(grace, delivered);

  const partly = note('a refund in part', await placePaidOrder(ada, [mug, 4]));
  await refund(grace, partly, 500);
  const unpaid = note('a cancelled reservation', await placeReservedOrder(ada, [teapot, 1]));
  await cancel(ada, unpaid, 'Ordered twice');
  const refunded = note('a cancelled order that was paid', await placePaidOrder(ada, [teapot, 1]));
  await cancel(ada, refunded, 'No longer needed');

  await deleteCustomer(scene, grace, teapot);
  await refuseProduct(scene, grace);
  return { grace, ada, erin };
}

async function deliver(staff: Person, order: string): Promise<void> {
  await moveOn(staff, order, 'PROCESSING');
  await moveOn(staff, order, 'SHIPPED', { trackingNumber: 'TRACK-2' });
  await moveOn(staff, order, 'DELIVERED');
}

/**
 * A permanently deleted account: the order subgraph has handled the event, and keeps the order without the customer.
 */
async function deleteCustomer({ graphqlUrl, notes, databases }: Scene, staff: Person, product: string): Promise<void> {
  const dora = await register(graphqlUrl, 'Dora');
  notes.accounts.push(describeAccount(dora, { state: 'deleted' }));
  const order = notes.note('a customer who deleted the account', await placePaidOrder(dora, [product, 1]));
  await deliver(staff, order);
  await deleteAccount(dora);
  await eventually(async () => {
    const [row] = await databases.query<{ customer: string | null }>(
      'order',
      'SELECT customer_id AS customer FROM orders WHERE id = $1',
      [order],
    );
    if (row?.customer !== null) throw new Error(`The order ${order} still names its customer.`);
  });
}

/** A product whose event the order subgraph cannot handle becomes a dead letter there. The cause is then removed. */
async function refuseProduct({ databases }: Scene, staff: Person): Promise<void> {
  await databases.query('order', "ALTER TABLE catalogue_products ADD CONSTRAINT no_lamp CHECK (sku <> 'LAMP-1')");
  await createProduct(staff, {
    sku: 'LAMP-1',
    name: 'Paper lamp',
    description: 'Its first event is a dead letter of the order subgraph.',
    price: { amount: 3500, currencyCode: 'USD' },
    initialStock: 8,
  });
  await eventually(
    async () => {
      const letters = await databases.query('order', 'SELECT 1 FROM dead_letters');
      if (letters.length === 0) throw new Error('The order subgraph has no dead letter.');
    },
    { timeoutMs: 60_000 },
  );
  await databases.query('order', 'ALTER TABLE catalogue_products DROP CONSTRAINT no_lamp');
}
