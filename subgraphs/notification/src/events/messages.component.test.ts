import {
  deadLetteredBy,
  emailChangeRequested,
  emailVerificationRequested,
  inventoryUpdated,
  orderCancelled,
  orderCreated,
  orderUpdated,
  passwordResetRequested,
  paymentRefunded,
  taskAssigned,
  userCreated,
  userDeleted,
  userUpdated,
  type EventContract,
  type OrderChange,
} from '@shop/contracts';
import { uuidv7 } from '@shop/subgraph';
import { orderChange, startWorld, type World } from '../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

const role = 'CUSTOMER' as const;
/** An event about a user, and its data. */
type Event = (userId: string) => [EventContract<never>, object];
const event =
  <Data>(contract: EventContract<Data>, data: (userId: string) => Data): Event =>
  (userId) => [contract as EventContract<never>, data(userId) as object];
const order = (contract: EventContract<OrderChange>, fields: Partial<OrderChange>): Event =>
  event(contract, (userId) => orderChange(userId, { sequence: 3, ...fields }));
const refund = (userId: string) => ({
  orderId: uuidv7(),
  customerId: userId,
  orderNumber: 'A-1001',
  paymentId: uuidv7(),
  refundId: uuidv7(),
  amountMinor: 100,
  refundedMinor: 100,
  currencyCode: 'EUR',
  reason: null,
});
const task = (userId: string, actorId: string | null = null) => ({
  taskId: uuidv7(),
  projectId: uuidv7(),
  key: 'OPS-17',
  title: 'Count the teapots',
  status: 'TODO' as const,
  assigneeId: userId,
  dueAt: null,
  actorId,
  sequence: 1,
});
const request = (userId: string) => ({ userId, requestId: uuidv7() });

/** The event, its templates, and a text that the mail must have. */
const table: [string, Event, string[], string?][] = [
  ['an account is opened', event(userCreated, (userId) => ({ role, ...request(userId) })), ['welcome'], '?token='],
  [
    'an account is opened by somebody else',
    event(userCreated, (userId) => ({ role, ...request(userId), invited: true })),
    ['account-invited'],
    '/reset-password?token=',
  ],
  ['a seed opens an account', event(userCreated, (userId) => ({ userId, role })), []],
  ['a reset is requested', event(passwordResetRequested, request), ['password-reset'], '/reset-password?token='],
  [
    'an address is to be verified',
    event(emailVerificationRequested, (userId) => ({ ...request(userId), purpose: 'VERIFY_CURRENT' as const })),
    ['email-verification'],
    '?token=',
  ],
  ['another address is requested', event(emailChangeRequested, request), ['email-change-requested']],
  [
    'the password changes',
    event(userUpdated, (userId) => ({ userId, role, changed: ['password' as const], changeId: uuidv7() })),
    ['password-changed'],
  ],
  [
    'password and address change at once',
    event(userUpdated, (userId) => ({
      userId,
      role,
      changed: ['email' as const, 'password' as const],
      changeId: uuidv7(),
    })),
    ['email-changed', 'password-changed'],
  ],
  [
    'a name changes',
    event(userUpdated, (userId) => ({ userId, role, changed: ['name' as const], changeId: uuidv7() })),
    [],
  ],
  ['an order is placed', order(orderCreated, {}), ['order-placed'], 'A-1001'],
  [
    'an order is reserved',
    order(orderUpdated, { status: 'RESERVED', reservedUntil: '2026-11-27T10:15:00.000Z' }),
    ['order-reserved'],
    '10:15',
  ],
  ['an order is paid', order(orderUpdated, { status: 'PAID' }), ['order-paid'], '39.98'],
  ['an order is packed', order(orderUpdated, { status: 'PROCESSING' }), []],
  [
    'an order is shipped',
    order(orderUpdated, { status: 'SHIPPED', trackingNumber: '1Z999' }),
    ['order-shipped'],
    '1Z999',
  ],
  ['an order is delivered', order(orderUpdated, { status: 'DELIVERED' }), ['order-delivered']],
  ['an order fails', order(orderUpdated, { status: 'FAILED', reason: 'out of stock' }), ['order-failed']],
  ['an order expires', order(orderUpdated, { status: 'EXPIRED' }), ['order-expired']],
  ['an order is cancelled', order(orderCancelled, { status: 'CANCELLED' }), ['order-cancelled']],
  ['an order of a deleted account is paid', order(orderUpdated, { status: 'PAID', customerId: null }), []],
  ['a task is assigned', event(taskAssigned, (userId) => task(userId, uuidv7())), ['task-assigned'], 'OPS-17'],
  ['somebody takes a task', event(taskAssigned, (userId) => task(userId, userId)), []],
];

test.each(table)('%s', async (_name, create, templates, text = 'Shop') => {
  const { id, email } = world.openAccount();
  const [contract, data] = create(id);
  await world.deliver(contract, data as never);
  const tokensBefore = world.tokens.length;
  await world.send();
  const rows = await world.rows(id);
  expect(rows.map(({ template }) => template).sort()).toEqual(templates);
  expect(rows.map(({ status, lastError }) => [status, lastError])).toEqual(templates.map(() => ['SENT', null]));
  const mails = world.mailsTo(email);
  expect(mails.map(({ messageId }) => messageId).sort()).toEqual(rows.map((row) => `<${row.id}@shop.example>`).sort());
  for (const mail of mails) expect(mail.text).toContain(text);
  expect(world.tokens.length - tokensBefore).toBe(text.includes('token=') ? 1 : 0);

  // The event again, with another id and from another copy.
  await world.deliver(contract, data as never);
  await world.deliver(contract, structuredClone(data) as never, { time: new Date(Date.now() + 1_000) });
  expect(await world.rows(id)).toHaveLength(templates.length);
});

const notices: [string, Event][] = [
  ['a request for another address', event(emailChangeRequested, request)],
  [
    'a changed password',
    event(userUpdated, (userId) => ({ userId, role, changed: ['password' as const], changeId: uuidv7() })),
  ],
];

test.each(notices)('the notice of %s goes to the address that the account had then', async (_name, create) => {
  const { id } = world.openAccount();
  const [contract, data] = create(id);
  const time = new Date(Date.now() + 1_000); // events from before the start of this test are too old
  await world.deliver(contract, data as never, { time });
  await world.send();
  expect(world.asked.filter(({ userId }) => userId === id)).toEqual([{ userId: id, at: time.toISOString() }]);
});

test('events that are delivered at the same moment add one message', async () => {
  const { id } = world.openAccount();
  const change = orderChange(id);
  await Promise.all(Array.from({ length: 8 }, () => world.deliver(orderCreated, change)));
  expect(await world.rows(id)).toHaveLength(1);
});

describe('events that are too old send nothing', () => {
  test('from before the activation', async () => {
    const { id } = world.openAccount();
    const { activatedAt } = await world.database.client.activation.findFirstOrThrow();
    await world.deliver(orderCreated, orderChange(id), { time: new Date(activatedAt.getTime() - 1) });
    expect(await world.rows(id)).toEqual([]);
    await world.deliver(orderCreated, orderChange(id), { time: activatedAt });
    expect(await world.rows(id)).toHaveLength(1);
  });

  test('from before the retention time, whose messages are deleted', async () => {
    const { id } = world.openAccount();
    const later = () => new Date(Date.now() + 91 * 24 * 60 * 60_000);
    await world.deliver(orderCreated, orderChange(id), { now: later });
    expect(await world.rows(id)).toEqual([]);
  });
});

describe('events of older releases', () => {
  const older = (userId: string): OrderChange => {
    const { number: _number, reservedUntil: _until, trackingNumber: _tracking, ...rest } = orderChange(userId);
    return {
      ...rest,
      lines: rest.lines.map(({ productId, quantity, unitPriceMinor }) => ({ productId, quantity, unitPriceMinor })),
    };
  };
  const remember = (change: OrderChange) =>
    world.orders.set(change.orderId, {
      orderId: change.orderId,
      number: 'B-2002',
      customerId: change.customerId,
      lines: change.lines.map((line) => ({ ...line, sku: 'OLD-1', name: 'Old teapot' })),
      totalMinor: change.totalMinor,
      currencyCode: 'EUR',
    });

  test('the order is asked for what they lack, when the message is sent', async () => {
    const { id, email } = world.openAccount();
    const change = older(id);
    remember(change);
    await world.deliver(orderCreated, change);
    await world.send();
    expect(world.mailsTo(email).map(({ text }) => text)).toEqual([expect.stringContaining('B-2002')]);
    expect(world.mailsTo(email)[0]?.text).toContain('Old teapot');
  });

  test('the customer of a refund is asked for', async () => {
    const { id, email } = world.openAccount();
    const change = older(id);
    remember(change);
    const { customerId: _customer, orderNumber: _number, ...rest } = { ...refund(id), orderId: change.orderId };
    await world.deliver(paymentRefunded, rest);
    await world.deliver(paymentRefunded, rest);
    await world.send();
    expect(world.mailsTo(email)).toHaveLength(1);
    expect(await world.rows(id)).toMatchObject([
      { template: 'order-refunded', status: 'SENT', orderId: change.orderId },
    ]);
  });

  test('a message about an order that nobody knows fails', async () => {
    const { id } = world.openAccount();
    await world.deliver(orderCreated, older(id));
    await world.send();
    expect(await world.rows(id)).toMatchObject([{ status: 'FAILED', lastError: 'The order is not known.' }]);
  });
});

describe('messages to the staff', () => {
  const hire = () => {
    const members = [world.openAccount(), world.openAccount()] as const;
    world.staff.splice(0, world.staff.length, ...members.map(({ id }) => id));
    return members;
  };
  const stock = (productId: string, sequence: number, available: number) =>
    world.deliver(inventoryUpdated, { productId, onHand: available, reserved: 0, available, sequence });

  test('each member gets one mail for each time that stock runs low', async () => {
    const [one, other] = hire();
    const productId = uuidv7();
    await stock(productId, 1, 10);
    await stock(productId, 4, 3);
    await stock(productId, 3, 2); // late
    await stock(productId, 4, 3); // again
    await stock(productId, 5, 5); // not recovered
    await stock(productId, 6, 1);
    await world.send();
    for (const { email } of [one, other])
      expect(world.mailsTo(email).map(({ text }) => text)).toEqual([expect.stringContaining('Teapot')]);
    await stock(productId, 7, 20);
    await stock(productId, 8, 4);
    await world.send();
    expect(world.mailsTo(one.email)).toHaveLength(2);
  });

  test('each member gets one mail for a dead letter, also when the user service is away at first', async () => {
    const [one] = hire();
    const letter = { consumer: 'order-from-product', eventType: 'shop.inventory.reserved.v1', eventId: uuidv7() };
    await world.deliver(deadLetteredBy('order'), letter);
    await world.deliver(deadLetteredBy('order'), letter);
    world.away.add('user');
    await expect(world.send()).rejects.toThrow('no-responders');
    world.away.clear();
    await world.send();
    expect(world.mailsTo(one.email).map(({ text }) => text)).toEqual([expect.stringContaining(letter.eventId)]);
    expect(await world.rows(one.id)).toMatchObject([{ topic: 'OPERATIONS', template: 'dead-letter', status: 'SENT' }]);
  });
});

describe('a deleted account', () => {
  const remove = async (userId: string) => {
    const changeId = uuidv7();
    const account = world.accounts.get(userId);
    if (account) world.former.set(changeId, account);
    world.accounts.delete(userId);
    const data = { userId, role, changeId };
    await world.deliver(userDeleted, data);
    return () => world.deliver(userDeleted, data);
  };

  test('gets its last mail, and its messages forget it', async () => {
    const { id, email } = world.openAccount({ name: 'Grace' });
    await world.deliver(userCreated, { role, ...request(id) });
    await world.send();
    await world.deliver(orderCreated, orderChange(id));
    const { client } = world.database;
    const ids = (await world.rows(id)).map((row) => row.id);
    await client.preference.create({ data: { userId: id, locale: 'de', channels: {}, updatedAt: new Date() } });
    const again = await remove(id);
    await again();
    await world.send();
    await again();
    await world.send();

    const rows = await client.notification.findMany({ where: { id: { in: ids } }, orderBy: { id: 'asc' } });
    expect(rows).toMatchObject([
      { status: 'SENT', recipientId: null, subject: null, content: null },
      { status: 'SUPPRESSED', recipientId: null, subject: null, content: null },
    ]);
    expect(await client.preference.findUnique({ where: { userId: id } })).toBeNull();
    // The last one is in the language of the account.
    const subjects = world.mailsTo(email).map(({ subject }) => subject);
    expect(subjects).toEqual([expect.stringContaining('Welcome'), expect.stringMatching(/gelöscht/)]);
    expect(await world.rows(id)).toEqual([]);
    expect(JSON.stringify(await client.notification.findMany())).not.toContain(id);
  });

  test('gets no message of an event that comes later', async () => {
    const { id, email } = world.openAccount();
    await remove(id);
    const change = orderChange(id);
    await world.deliver(orderCreated, change);
    await world.send();
    expect(world.mailsTo(email)).toHaveLength(1);
    const rows = await world.database.client.notification.findMany({ where: { orderId: change.orderId } });
    expect(rows).toMatchObject([{ status: 'SUPPRESSED', recipientId: null, content: null }]);
  });
});
