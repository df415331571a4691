import { randomUUID } from 'node:crypto';
import { orderCreated, orderUpdated, passwordResetRequested, userUpdated } from '@shop/contracts';
import { openSmtp } from '@shop/mail';
import { sqlOver, startJob, uuidv7 } from '@shop/subgraph';
import { eventually } from '@shop/testing';
import { startMailServer } from '../../test/mail-server.ts';
import { addressOf, orderChange, startWorld, type World } from '../../test/world.ts';
import { claimDue, markHandedOver } from '../db/queue.ts';
import { sendNormal, sendUrgent } from '../jobs/jobs.ts';
import { sendDueMessages } from './send-due-messages.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

async function queueReset() {
  const account = world.openAccount();
  await world.deliver(passwordResetRequested, { userId: account.id, requestId: uuidv7() });
  return account;
}

/** Values of a message that waits for nothing. */
const atOnce = { readyAt: new Date(0), dueAt: new Date(0) };

const row = async (userId: string) => {
  const [first] = await world.rows(userId);
  if (first === undefined) throw new Error('There is no message.');
  return first;
};

describe('what the mail server answers', () => {
  test('a message that is accepted is sent once', async () => {
    const { id, email } = await queueReset();
    await Promise.all([world.send(), world.send(), world.send()]);
    expect(world.mailsTo(email)).toHaveLength(1);
    expect(await row(id)).toMatchObject({ status: 'SENT', attempts: 1, lastError: null });
  });

  test('a message that is deferred is tried again, with a pause, and with a new token each time', async () => {
    const { id, email } = await queueReset();
    world.mailServer.behave(email, 450, 2);
    const retries = { firstMs: 60_000, maxMs: 60_000, attempts: 3 };
    const before = Date.now();
    await world.send({ retries });
    const waiting = await row(id);
    expect(waiting).toMatchObject({ status: 'QUEUED', attempts: 1, handedOverAt: null });
    expect(waiting.dueAt.getTime()).toBeGreaterThan(before + 40_000);
    await world.database.client.notification.update({ where: { id: waiting.id }, data: atOnce });
    const asked = world.asked.length;
    await world.send();
    await eventually(async () => {
      await world.send();
      expect(await row(id)).toMatchObject({ status: 'SENT', attempts: 3 });
    });
    expect(world.asked.length - asked).toBe(2);
    expect(world.mailsTo(email)).toHaveLength(1);
  });

  test('a message whose tries are used up has failed', async () => {
    const { id, email } = await queueReset();
    world.mailServer.behave(email, 450, 99);
    await eventually(async () => {
      await world.send();
      expect(await row(id)).toMatchObject({ status: 'FAILED', attempts: 3 });
    });
  });

  test('a message that is refused has failed at once, and its error has no address and no link', async () => {
    const { id, email } = await queueReset();
    world.mailServer.behave(email, 550);
    await world.send();
    await world.send();
    const failed = await row(id);
    expect(failed).toMatchObject({ status: 'FAILED', attempts: 1 });
    expect(failed.lastError).toContain('is refused');
    expect(failed.lastError).not.toMatch(/@|https?:|token/);
    expect(world.mailsTo(email)).toEqual([]);
  });

  test('a message whose connection is lost after its content is never sent again', async () => {
    const { id, email } = await queueReset();
    world.mailServer.behave(email, 'drop after data');
    await world.send();
    await world.send();
    expect(await row(id)).toMatchObject({ status: 'FAILED', attempts: 1 });
    expect((await row(id)).lastError).toContain('may have been sent');
    expect(world.mailServer.contents.filter((to) => to === email)).toHaveLength(1);
  });

  test('messages wait while the mail server is away, and go out when it is back', async () => {
    const closed = await startMailServer();
    await closed.close();
    const mail = openSmtp({ url: `smtp://127.0.0.1:${closed.port}`, from: 'shop@shop.example' });
    const { id, email } = await queueReset();
    const retries = { firstMs: 1, maxMs: 1, attempts: 1_000 };
    const send = () =>
      sendDueMessages({ ...world.dependencies, retries, mail: { urgent: mail, normal: mail } }, 'urgent');
    try {
      await send();
      expect(await row(id)).toMatchObject({ status: 'QUEUED', attempts: 1 });
      const back = await startMailServer(closed.port);
      try {
        await eventually(async () => {
          await send();
          expect(await row(id)).toMatchObject({ status: 'SENT' });
        });
        expect(back.received.map(addressOf)).toEqual([email]);
      } finally {
        await back.close();
      }
    } finally {
      await mail.close();
    }
  });
});

describe('a process that dies', () => {
  const endClaims = () => world.database.client.notification.updateMany({ where: { status: 'QUEUED' }, data: atOnce });

  test('before it hands a message over leaves it to another', async () => {
    const { id, email } = await queueReset();
    expect(await claimDue(world.database.client, 'urgent', 100)).toHaveLength(1);
    await world.send();
    expect(await row(id)).toMatchObject({ status: 'QUEUED' });
    await endClaims();
    await world.send();
    expect(world.mailsTo(email)).toHaveLength(1);
    expect(await row(id)).toMatchObject({ status: 'SENT' });
  });

  test('while it hands a message over leaves it unsent, since it may have been sent', async () => {
    const { id, email } = await queueReset();
    const [claimed] = await claimDue(world.database.client, 'urgent', 1);
    if (claimed === undefined) throw new Error('Nothing was claimed.');
    const handOver = {
      id: claimed.id,
      claimId: claimed.claimId,
      recipientId: id,
      subject: 'x',
      unsubscribeSecretHash: null,
    };
    expect(await markHandedOver(world.database.client, [handOver])).toEqual(new Set([claimed.id]));
    await endClaims();
    await world.send();
    expect(world.mailsTo(email)).toEqual([]);
    expect(await row(id)).toMatchObject({ status: 'FAILED' });
    expect((await row(id)).lastError).toContain('may have been sent');
  });

  test('and comes back after its claim has ended hands nothing over', async () => {
    const { id, email } = await queueReset();
    const findRecipient = world.dependencies.questions.findRecipient.bind(world.dependencies.questions);
    // Another process claims the message and sends it while this one asks for the recipient.
    const questions = {
      ...world.dependencies.questions,
      findRecipient: async (question: Parameters<typeof findRecipient>[0]) => {
        await endClaims();
        await world.send();
        return findRecipient(question);
      },
    };
    await sendDueMessages({ ...world.dependencies, questions }, 'urgent');
    expect(world.mailsTo(email)).toHaveLength(1);
    expect(await row(id)).toMatchObject({ status: 'SENT', attempts: 1 });
  });
});

test('replicas send each message once', async () => {
  const accounts = Array.from({ length: 40 }, () => world.openAccount());
  for (const { id } of accounts) await world.deliver(orderCreated, orderChange(id));
  const logger = world.dependencies.logger;
  const replicas = Array.from({ length: 3 }, () =>
    startJob({ ...sendNormal, everyMs: 20 }, world.dependencies, { logger }),
  );
  await eventually(async () => {
    const sent = await world.database.client.notification.count({
      where: { status: 'SENT', recipientId: { in: accounts.map(({ id }) => id) } },
    });
    expect(sent).toBe(accounts.length);
  });
  await Promise.all(replicas.map((replica) => replica.stop()));
  for (const { email } of accounts) expect(world.mailsTo(email)).toHaveLength(1);
});

test('10,000 mails about orders do not hold up a link by which a password is reset', async () => {
  const flood = world.openAccount();
  const content = JSON.stringify({ order: orderChange(flood.id) });
  await sqlOver(world.database.client).query(
    `INSERT INTO notifications (id, key, template, topic, channel, status, recipient_id, position, content, ready_at, due_at,
            created_at)
     SELECT gen_random_uuid(), 'flood ' || n, 'order-placed', 'ORDERS', 'EMAIL', 'QUEUED', $1::uuid, 0, $2::jsonb,
            now() - interval '1 hour', now() - interval '1 hour', now()
       FROM generate_series(1, 10000) AS n`,
    [flood.id, content],
  );
  const { email } = await queueReset();
  const { dependencies } = world;
  const jobs = [startJob(sendNormal, dependencies, dependencies), startJob(sendUrgent, dependencies, dependencies)];
  await eventually(() => expect(world.mailsTo(email)).toHaveLength(1));
  await Promise.all(jobs.map((job) => job.stop()));
  const left = await world.database.client.notification.count({ where: { recipientId: flood.id, status: 'QUEUED' } });
  expect(left).toBeGreaterThan(5_000);
  await world.database.client.notification.deleteMany({ where: { recipientId: flood.id } });
});

describe('messages about one order', () => {
  test('go out in the order of its changes, whatever the order of their events', async () => {
    const { id, email } = world.openAccount();
    const orderId = uuidv7();
    const change = (fields: object) => orderChange(id, { orderId, ...fields });
    await world.deliver(orderUpdated, change({ status: 'PAID', sequence: 3 }));
    await world.deliver(
      orderUpdated,
      change({ status: 'RESERVED', sequence: 2, reservedUntil: new Date().toISOString() }),
    );
    await world.deliver(orderCreated, change({ sequence: 1 }));
    await world.send();
    const rows = await world.rows(id);
    const templateOf = new Map(rows.map((each) => [`<${each.id}@shop.example>`, each.template]));
    expect(world.mailsTo(email).map(({ messageId }) => templateOf.get(messageId ?? ''))).toEqual([
      'order-placed',
      'order-reserved',
      'order-paid',
    ]);
  });

  test('a later one waits while the earlier one is tried again, and not after it has failed', async () => {
    const { id, email } = world.openAccount();
    const orderId = uuidv7();
    const retries = { firstMs: 60_000, maxMs: 60_000, attempts: 3 };
    world.mailServer.behave(email, 450);
    await world.deliver(orderCreated, orderChange(id, { orderId }));
    await world.deliver(orderUpdated, orderChange(id, { orderId, status: 'PAID', sequence: 2 }));
    await sendDueMessages({ ...world.dependencies, retries }, 'normal');
    await sendDueMessages({ ...world.dependencies, retries }, 'normal');
    const statuses = async () => (await world.rows(id)).map(({ status, attempts }) => `${status} ${attempts}`);
    expect(await statuses()).toEqual(['QUEUED 1', 'QUEUED 0']);
    world.mailServer.behave(email, 550);
    await world.database.client.notification.updateMany({ where: { orderId }, data: atOnce });
    await world.send();
    expect(await statuses()).toEqual(['FAILED 2', 'SENT 1']);
  });
});

test('another service that is away costs no attempt, and the message goes out when it is back', async () => {
  const { id, email } = await queueReset();
  world.away.add('user');
  await world.send();
  expect(await row(id)).toMatchObject({
    status: 'QUEUED',
    attempts: 0,
    lastError: expect.stringContaining('no-responders'),
  });
  world.away.clear();
  await world.database.client.notification.updateMany({ where: { recipientId: id }, data: atOnce });
  await world.send();
  expect(world.mailsTo(email)).toHaveLength(1);
});

test('rows and logs have no address, no token and no link', async () => {
  const secret = `secret-${randomUUID()}@example.com`;
  const account = world.openAccount({ email: secret, phone: '+491701234567' });
  await world.deliver(passwordResetRequested, { userId: account.id, requestId: uuidv7() });
  await world.deliver(orderCreated, orderChange(account.id));
  await world.send();
  const mails = world.mailsTo(secret).map(({ text }) => text ?? '');
  // A token may begin with the message's id, which is no secret.
  const secrets = mails.flatMap((text) => [...text.matchAll(/token=(?:[\w-]+\.)?([\w-]+)/g)].map(([, token]) => token));
  expect(secrets.length).toBeGreaterThanOrEqual(2);
  const stored: unknown[] = [];
  for (const table of ['notifications', 'preferences', 'announcements', 'outbox', 'audit_entries'])
    stored.push(await sqlOver(world.database.client).query(`SELECT t::text FROM ${table} AS t`));
  const text = JSON.stringify([stored, world.logged]);
  for (const word of [secret, '1701234567', ...secrets]) expect(text).not.toContain(word);
});

test('an account that is gone gets nothing', async () => {
  const { id, email } = world.openAccount();
  await world.deliver(userUpdated, { userId: id, role: 'CUSTOMER', changed: ['password'], changeId: uuidv7() });
  world.accounts.delete(id);
  await world.send();
  expect(world.mailsTo(email)).toEqual([]);
  expect(await row(id)).toMatchObject({ status: 'SUPPRESSED', attempts: 0 });
});
