import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { orderCreated, passwordResetRequested, taskAssigned } from '@shop/contracts';
import type { Viewer } from '@shop/process';
import { uuidv7 } from '@shop/subgraph';
import { graphql, parse } from 'graphql';
import { orderChange, startWorld, type World } from '../../test/world.ts';
import { createContext } from '../context.ts';
import { countOverdue } from '../db/overdue.ts';
import { forgetOldMessages } from '../use-cases/forget-old-messages.ts';
import { resolvers } from './index.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

const schema = buildSubgraphSchema({
  typeDefs: parse(readFileSync('subgraphs/notification/schema.graphql', 'utf8')),
  resolvers: resolvers as never,
});
const viewer = (userId: string | null, ...scopes: string[]): Viewer => ({
  userId,
  sessionId: uuidv7(),
  scopes: new Set(scopes),
});

async function ask<Data>(source: string, who: Viewer, variableValues: Record<string, unknown> = {}): Promise<Data> {
  const contextValue = createContext(world.dependencies, { viewer: who });
  const { data, errors } = await graphql({ schema, source, contextValue, variableValues });
  expect(errors).toBeUndefined();
  return data as Data;
}

const staff = viewer(uuidv7(), 'notification:read', 'ops:write');
const nobody = viewer(null);

/** Sends the messages of `count` orders of a new account. */
async function trade(count = 1) {
  const account = world.openAccount();
  const changes = Array.from({ length: count }, () => orderChange(account.id));
  for (const change of changes) await world.deliver(orderCreated, change);
  await world.send();
  return { ...account, changes };
}

describe('lists', () => {
  interface Page {
    nodes: { id: string; template: string; recipient: { id: string }; order: { id: string } }[];
    totalCount: number;
    pageInfo: { endCursor: string; hasNextPage: boolean };
  }
  const fields =
    'nodes { id template recipient { id } order { id } } totalCount cappedCount { count isCapped } pageInfo { endCursor hasNextPage }';
  const list = (args: object) =>
    ask<{ notifications: Page }>(
      `query ($first: Int, $after: String, $last: Int, $filter: NotificationFilter) {
        notifications(first: $first, after: $after, last: $last, filter: $filter) { ${fields} } }`,
      staff,
      { ...args },
    ).then(({ notifications }) => notifications);

  test('go through all messages in pages, in both directions', async () => {
    const { id } = await trade(5);
    const filter = { recipientId: id };
    const all = await list({ first: 100, filter });
    expect(all).toMatchObject({
      totalCount: 5,
      cappedCount: { count: 5, isCapped: false },
      pageInfo: { hasNextPage: false },
    });
    const first = await list({ first: 2, filter });
    const next = await list({ first: 2, filter, after: first.pageInfo.endCursor });
    const last = await list({ last: 1, filter });
    expect([...first.nodes, ...next.nodes, ...last.nodes]).toEqual(all.nodes);
  });

  test('each condition of a filter holds', async () => {
    const { id, email, changes } = await trade(2);
    world.mailServer.behave(email, 550);
    await world.deliver(passwordResetRequested, { userId: id, requestId: uuidv7() });
    await world.send();
    const templates = async (filter: object) =>
      (await list({ filter: { recipientId: id, ...filter } })).nodes.map(({ template }) => template);
    expect(await templates({})).toEqual(['password-reset', 'order-placed', 'order-placed']);
    expect(await templates({ topic: 'ACCOUNT' })).toEqual(['password-reset']);
    expect(await templates({ status: ['FAILED'] })).toEqual(['password-reset']);
    expect(await templates({ status: ['FAILED', 'SENT'] })).toHaveLength(3);
    expect(await templates({ status: [] })).toEqual([]);
    expect(await templates({ orderId: 'none' })).toEqual([]);
    const [change] = changes;
    expect((await list({ filter: { orderId: change?.orderId } })).nodes).toMatchObject([
      { recipient: { id }, order: { id: change?.orderId } },
    ]);
  });
});

test('users see their own messages and preferences, and staff see the messages of all', async () => {
  const [one, other] = [await trade(1), await trade(2)];
  const see = async (who: Viewer) => {
    const { _entities } = await ask<{
      _entities: { notifications: object | null; notificationPreferences: object | null }[];
    }>(
      `query ($them: [_Any!]!) { _entities(representations: $them) { ... on User {
        notifications(first: 1) { totalCount nodes { id } } notificationPreferences { locale } } } }`,
      who,
      { them: [one, other].map(({ id }) => ({ __typename: 'User', id })) },
    );
    return _entities.map((user) => [user.notifications !== null, user.notificationPreferences !== null]);
  };
  expect(await see(viewer(one.id))).toEqual([
    [true, true],
    [false, false],
  ]);
  expect(await see(staff)).toEqual([
    [true, false],
    [true, false],
  ]);
  expect(await see(nobody)).toEqual([
    [false, false],
    [false, false],
  ]);
  const [message] = await world.rows(one.id);
  const load = async (who: Viewer, id = message?.id) =>
    (
      await ask<{ _entities: (object | null)[] }>(
        'query ($them: [_Any!]!) { _entities(representations: $them) { ... on Notification { template } } }',
        who,
        { them: [{ __typename: 'Notification', id }] },
      )
    )._entities;
  expect(await load(viewer(one.id))).toEqual([{ template: 'order-placed' }]);
  expect(await load(staff)).toEqual([{ template: 'order-placed' }]);
  expect(await load(viewer(other.id))).toEqual([null]);
  expect(await load(nobody)).toEqual([null]);
  expect(await load(staff, 'none')).toEqual([null]);
});

describe('preferences', () => {
  const update = (who: Viewer, input: object) =>
    ask<{ updateNotificationPreferences: Record<string, unknown> }>(
      `mutation ($input: UpdateNotificationPreferencesInput!) { updateNotificationPreferences(input: $input) { __typename
        ... on UpdateNotificationPreferencesSuccess { preferences { locale topics { topic channels } } }
        ... on InvalidInput { issues { path } } } }`,
      who,
      { input },
    ).then((data) => data.updateNotificationPreferences);

  test('a topic that is turned off sends nothing, and other topics and later wishes stay', async () => {
    const { id, email } = world.openAccount();
    const off = await update(viewer(id), { topics: [{ topic: 'ORDERS', channels: [] }] });
    expect(off).toMatchObject({ __typename: 'UpdateNotificationPreferencesSuccess', preferences: { locale: 'en' } });
    expect(await update(viewer(id), { locale: 'de-AT' })).toMatchObject({
      preferences: {
        locale: 'de',
        topics: [
          { topic: 'ACCOUNT', channels: ['EMAIL'] },
          { topic: 'ORDERS', channels: [] },
          { topic: 'TASKS', channels: ['EMAIL'] },
          { topic: 'OPERATIONS', channels: ['EMAIL'] },
        ],
      },
    });
    await world.deliver(orderCreated, orderChange(id));
    await world.deliver(passwordResetRequested, { userId: id, requestId: uuidv7() });
    await world.send();
    expect((await world.rows(id)).map(({ topic, status }) => `${topic} ${status}`)).toEqual(
      expect.arrayContaining(['ORDERS SUPPRESSED', 'ACCOUNT SENT']),
    );
    // In German.
    expect(world.mailsTo(email).map(({ subject }) => subject)).toEqual([expect.stringMatching(/Passwort/)]);
  });

  test('a text message goes to the phone, without a link', async () => {
    const { id } = world.openAccount({ phone: '+491701234567' });
    const both = ['SMS', 'EMAIL'];
    await update(viewer(id), { topics: ['ORDERS', 'ACCOUNT'].map((topic) => ({ topic, channels: both })) });
    await world.deliver(orderCreated, orderChange(id));
    await world.deliver(passwordResetRequested, { userId: id, requestId: uuidv7() });
    await world.send();
    expect(world.texts).toEqual([
      { id: expect.any(String), to: '+491701234567', text: expect.not.stringContaining('http') },
    ]);
    expect((await world.rows(id)).map(({ channel, template }) => `${channel} ${template}`).sort()).toEqual([
      'EMAIL order-placed',
      'EMAIL password-reset',
      'SMS order-placed',
    ]);
  });

  test('an account without a phone number gets no text message', async () => {
    const { id } = world.openAccount();
    await update(viewer(id), { topics: [{ topic: 'ORDERS', channels: ['SMS'] }] });
    await world.deliver(orderCreated, orderChange(id));
    await world.send();
    expect((await world.rows(id)).map(({ channel, status }) => `${channel} ${status}`).sort()).toEqual([
      'EMAIL SUPPRESSED',
      'SMS SUPPRESSED',
    ]);
  });

  test.each([
    ['topics.0.channels', { topics: [{ topic: 'ACCOUNT', channels: [] }] }],
    ['topics.0.channels', { topics: [{ topic: 'ACCOUNT', channels: ['SMS'] }] }],
    ['topics', { topics: ['ORDERS', 'ORDERS'].map((topic) => ({ topic, channels: [] })) }],
    ['locale', { locale: 'fr' }],
  ])('refuses a bad %s', async (path, input) => {
    expect(await update(viewer(uuidv7()), input)).toMatchObject({ __typename: 'InvalidInput', issues: [{ path }] });
  });
});

describe('unsubscribing', () => {
  const unsubscribe = (token: string) =>
    ask<{ unsubscribe: object }>(
      `mutation ($input: UnsubscribeInput!) { unsubscribe(input: $input) { __typename
        ... on UnsubscribeSuccess { topic } ... on UserError { code } } }`,
      nobody,
      { input: { token } },
    ).then((data) => data.unsubscribe);

  test('the token of a mail turns its topic off for its recipient, with one click', async () => {
    const { id, email } = await trade();
    const [mail] = world.mailsTo(email);
    const list = mail?.headers.get('list') as { unsubscribe: { url: string }; 'unsubscribe-post': { name: string } };
    expect(list['unsubscribe-post'].name).toBe('List-Unsubscribe=One-Click');
    const url = new URL(list.unsubscribe.url);
    expect(`${url.origin}${url.pathname}`).toBe('https://shop.example/unsubscribe');
    expect(mail?.text).toContain(url.href);
    const token = url.searchParams.get('token') ?? '';
    const success = { __typename: 'UnsubscribeSuccess', topic: 'ORDERS' };
    expect(await unsubscribe(token)).toEqual(success);
    expect(await unsubscribe(token)).toEqual(success);
    await world.deliver(orderCreated, orderChange(id));
    await world.send();
    expect(world.mailsTo(email)).toHaveLength(1);
  });

  test('the token of a release before, which does not name its message, does the same', async () => {
    const { id } = await trade();
    const hash = createHash('sha256').update('former').digest('base64url');
    await world.database.client.notification.updateMany({
      where: { recipientId: id },
      data: { unsubscribeHash: hash },
    });
    expect(await unsubscribe('former')).toEqual({ __typename: 'UnsubscribeSuccess', topic: 'ORDERS' });
  });

  test('the secret of one message does not fit another', async () => {
    const [one, other] = [await trade(), await trade()];
    const link = /https:\S+unsubscribe\S+/.exec(world.mailsTo(one.email)[0]?.text ?? '')?.[0] ?? '';
    const [messageId, secret] = new URL(link).searchParams.get('token')?.split('.') ?? [];
    expect([messageId]).toEqual((await world.rows(one.id)).map(({ id }) => id));
    for (const { id } of await world.rows(other.id))
      expect(await unsubscribe(`${id}.${secret}`)).toEqual({ __typename: 'InvalidToken', code: 'INVALID_TOKEN' });
    expect(await unsubscribe(`${messageId}.${secret}`)).toMatchObject({ __typename: 'UnsubscribeSuccess' });
  });

  test('mails about the account have no such token', async () => {
    const { id, email } = world.openAccount();
    await world.deliver(passwordResetRequested, { userId: id, requestId: uuidv7() });
    await world.send();
    expect(world.mailsTo(email).map(({ headers }) => headers.has('list'))).toEqual([false]);
  });

  test.each([
    ['unknown', { __typename: 'InvalidToken', code: 'INVALID_TOKEN' }],
    ['', { __typename: 'InvalidInput', code: 'INVALID_INPUT' }],
    ['\0', { __typename: 'InvalidInput', code: 'INVALID_INPUT' }],
  ])('refuses the token %j', async (token, expected) => {
    expect(await unsubscribe(token)).toEqual(expected);
  });
});

test('a failed message is sent again once, and the audit log has who did it', async () => {
  const resend = (id: string | undefined) =>
    ask<{ resendNotification: { __typename: string } }>(
      `mutation ($input: ResendNotificationInput!) { resendNotification(input: $input) { __typename
        ... on ResendNotificationSuccess { notification { status attempts } } } }`,
      staff,
      { input: { id } },
    ).then((data) => data.resendNotification);
  const { id, email } = world.openAccount();
  world.mailServer.behave(email, 550);
  await world.deliver(taskAssigned, {
    taskId: uuidv7(),
    projectId: uuidv7(),
    key: 'OPS-1',
    title: 'Count',
    status: 'TODO',
    assigneeId: id,
    dueAt: '2026-12-01T00:00:00.000Z',
    actorId: null,
    sequence: 1,
  });
  await world.send();
  const [failed] = await world.rows(id);
  expect(failed?.status).toBe('FAILED');
  const answers = await Promise.all([resend(failed?.id), resend(failed?.id)]);
  expect(answers.map(({ __typename }) => __typename).sort()).toEqual([
    'NotificationNotFailed',
    'ResendNotificationSuccess',
  ]);
  await world.send();
  expect(world.mailsTo(email)).toHaveLength(1);
  expect(await resend(failed?.id)).toEqual({ __typename: 'NotificationNotFailed' });
  expect(await resend(uuidv7())).toEqual({ __typename: 'NotificationNotFound' });
  expect(await resend('none')).toEqual({ __typename: 'InvalidInput' });
  const { notificationAudit } = await ask<{ notificationAudit: object }>(
    'query ($filter: AuditFilter) { notificationAudit(filter: $filter) { totalCount nodes { actorId action } } }',
    staff,
    { filter: { subjectId: failed?.id } },
  );
  expect(notificationAudit).toEqual({
    totalCount: 1,
    nodes: [{ actorId: staff.userId, action: 'NOTIFICATION_RESENT' }],
  });
});

test('messages are deleted after the retention time, and those that wait are not', async () => {
  const { id } = await trade();
  await world.deliver(orderCreated, orderChange(id));
  const { client } = world.database;
  await client.notification.updateMany({
    where: { recipientId: id },
    data: { createdAt: new Date(Date.now() - 91 * 24 * 60 * 60_000) },
  });
  await forgetOldMessages(world.dependencies);
  expect((await world.rows(id)).map(({ status }) => status)).toEqual(['QUEUED']);
  await world.send();
});

test('messages that nobody sends are overdue', async () => {
  expect(await countOverdue(world, 5_000)).toEqual({ 'queued messages': 0, 'messages to the staff': 0 });
  const { id } = world.openAccount();
  await world.deliver(orderCreated, orderChange(id));
  expect(await countOverdue(world, 5_000)).toMatchObject({ 'queued messages': 1 });
  await world.send();
});
