import { CancelOrder, Login, Me, PayOrder, RequestPasswordReset, UpdateProfile } from '@shop/client';
import { eventually, type GraphqlClient } from '@shop/testing';
import { randomUUID } from 'node:crypto';
import { openSharedShop, password, placeOrder, registerCustomer, untilStatus, type SharedShop } from './shop.ts';

let shop: SharedShop;
beforeAll(async () => {
  shop = await openSharedShop();
});

/** A mail as the mailbox shows it. */
interface Mail {
  readonly id: number;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** The mails to an address, the oldest first. */
async function mailsTo(email: string): Promise<Mail[]> {
  const answer = await fetch(`${shop.system.mailboxUrl}/api/messages?to=${encodeURIComponent(email)}`);
  const { messages } = (await answer.json()) as { messages: Mail[] };
  return messages.toReversed();
}

/** Waits for the subjects of all mails to an address. */
async function untilSubjects(email: string, subjects: readonly RegExp[]): Promise<Mail[]> {
  return eventually(async () => {
    const mails = await mailsTo(email);
    expect(mails.map(({ subject }) => subject)).toEqual(subjects.map((subject) => expect.stringMatching(subject)));
    return mails;
  });
}

/** The link of a mail. The address is the gateway's. */
function linkOf({ text }: Mail, path: string): URL {
  const found = text.match(new RegExp(`https?://\\S+${path}\\?token=\\S+`))?.[0];
  if (found === undefined) throw new Error(`The mail has no link to ${path}:\n${text}`);
  return new URL(found);
}

interface Page {
  readonly status: number;
  readonly html: string;
}

async function read(answer: Response): Promise<Page> {
  return { status: answer.status, html: await answer.text() };
}

/** Sends the form of the page that a link opens, as a browser does. */
async function sendForm(link: URL, fields: Record<string, string> = {}): Promise<Page> {
  const page = await read(await fetch(link));
  expect(page.status).toBe(200);
  const action = page.html.match(/<form method="post" action="([^"]+)"/)?.[1] ?? '';
  const token = page.html.match(/name="token" value="([^"]+)"/)?.[1] ?? '';
  return read(await fetch(new URL(action, link), { method: 'POST', body: new URLSearchParams({ token, ...fields }) }));
}

const login = async (email: string, secret: string) =>
  (await shop.anonymous.request(Login, { input: { email, password: secret } })).login;

async function isVerified(client: GraphqlClient): Promise<unknown> {
  const { me } = await client.request<{ me: { email: string; emailVerified: boolean; pendingEmail: string | null } }>(
    '{ me { email emailVerified pendingEmail } }',
  );
  return me;
}

test('a customer verifies the address, sets a new password by mail, and the links work once', async () => {
  const { client, email } = await registerCustomer(shop.anonymous);
  const [welcome] = await untilSubjects(email, [/welcome/i]);
  const verification = linkOf(welcome!, '/verify-email');
  expect(await read(await fetch(verification))).toMatchObject({ status: 200 });
  expect(await isVerified(client)).toEqual({ email, emailVerified: false, pendingEmail: null });
  expect(await sendForm(verification)).toMatchObject({ status: 200, html: expect.stringContaining('is confirmed') });
  expect(await isVerified(client)).toEqual({ email, emailVerified: true, pendingEmail: null });
  expect(await sendForm(verification)).toMatchObject({ status: 400 });

  // Nobody learns whether there is an account.
  for (const address of [email, `${randomUUID()}@example.com`])
    expect(await shop.anonymous.request(RequestPasswordReset, { input: { email: address } })).toEqual({
      requestPasswordReset: { __typename: 'RequestPasswordResetSuccess', ok: true },
    });
  const [, reset] = await untilSubjects(email, [/welcome/i, /password/i]);
  const link = linkOf(reset!, '/reset-password');
  expect(await sendForm(link, { newPassword: 'short' })).toMatchObject({ status: 400 });
  const next = 'staple battery horse correct';
  expect(await sendForm(link, { newPassword: next })).toMatchObject({ status: 200 });
  expect(await sendForm(link, { newPassword: password })).toMatchObject({ status: 400 });
  expect(await login(email, password)).toMatchObject({ __typename: 'InvalidCredentials' });
  expect(await login(email, next)).toMatchObject({ __typename: 'LoginSuccess' });
  expect((await client.execute(Me, {})).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  await untilSubjects(email, [/welcome/i, /password/i, /password/i]);
});

test('another address counts once it is verified, and the old one is told', async () => {
  const { client, email } = await registerCustomer(shop.anonymous);
  await untilSubjects(email, [/welcome/i]);
  const next = `${randomUUID()}@example.com`;
  await client.request(UpdateProfile, { input: { email: next, currentPassword: password } });
  expect(await isVerified(client)).toMatchObject({ email, pendingEmail: next });
  const [mail] = await untilSubjects(next, [/address/i]);
  expect(await sendForm(linkOf(mail!, '/verify-email'))).toMatchObject({ status: 200 });
  expect(await isVerified(client)).toEqual({ email: next, emailVerified: true, pendingEmail: null });
  const told = await untilSubjects(email, [/welcome/i, /address/i, /address/i]);
  for (const { text } of told) expect(text).not.toContain(next);
});

test('each step of an order is told by one mail, in order, and in the account', async () => {
  const { client, email } = await registerCustomer(shop.anonymous);
  const product = await shop.newProduct({ name: 'Teapot <b>&</b> cup', price: { amount: 1999, currencyCode: 'USD' } });
  const { order } = await placeOrder(client, [[product, 2]]);
  await untilStatus(client, order.id, 'RESERVED');
  await client.request(PayOrder, {
    input: { orderId: order.id, paymentToken: 'tok_visa', idempotencyKey: randomUUID() },
  });
  await client.request(CancelOrder, { input: { orderId: order.id } });
  const { order: state } = await client.request<{ order: { number: string } }>(
    'query ($id: ID!) { order(id: $id) { number } }',
    { id: order.id },
  );
  const mails = (
    await eventually(async () => {
      const all = await mailsTo(email);
      expect(all).toHaveLength(6);
      return all;
    })
  ).filter(({ subject }) => subject.includes(state.number));
  expect(mails).toHaveLength(5);
  expect(mails[0]?.text).toContain('Teapot <b>&</b> cup');
  expect(mails[0]?.html).toContain('Teapot &lt;b&gt;&amp;&lt;/b&gt; cup');
  for (const { text } of mails) expect(text).toContain('$39.98');

  await eventually(async () => {
    const { me } = await client.request<{
      me: { notifications: { nodes: { template: string; status: string; order: object | null }[] } };
    }>('{ me { notifications(first: 10) { nodes { template status order { id } } } } }');
    const told = me.notifications.nodes.toReversed();
    expect(told.map(({ template }) => template)).toEqual([
      'welcome',
      'order-placed',
      'order-reserved',
      'order-paid',
      'order-cancelled',
      'order-refunded',
    ]);
    expect(new Set(told.map(({ status }) => status))).toEqual(new Set(['SENT']));
    expect(told.slice(1).map(({ order: about }) => about)).toEqual(Array(5).fill({ id: order.id }));
  });
});

test('messages about a topic end with one click, and those about the account do not', async () => {
  const { client, email } = await registerCustomer(shop.anonymous);
  const product = await shop.newProduct();
  await placeOrder(client, [[product, 1]]);
  const mails = await eventually(async () => {
    const all = await mailsTo(email);
    expect(all).toHaveLength(3);
    return all;
  });
  const headerOf = (mail: Mail, name: string) =>
    mail.headers.find((header) => header.name.toLowerCase() === name)?.value;
  expect(headerOf(mails[0]!, 'list-unsubscribe')).toBeUndefined();
  expect(headerOf(mails[1]!, 'list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
  const url = headerOf(mails[1]!, 'list-unsubscribe')?.match(/<(http[^>]+)>/)?.[1] ?? '';
  const clicked = await fetch(url, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
  expect(clicked.status).toBe(200);

  const { order } = await placeOrder(client, [[product, 1]]);
  await untilStatus(client, order.id, 'RESERVED');
  await eventually(async () => {
    const { me } = await client.request<{ me: { notifications: { nodes: { template: string; status: string }[] } } }>(
      '{ me { notifications(first: 2) { nodes { template status } } } }',
    );
    expect(me.notifications.nodes).toEqual([
      { template: 'order-reserved', status: 'SUPPRESSED' },
      { template: 'order-placed', status: 'SUPPRESSED' },
    ]);
  });
  await shop.anonymous.request(RequestPasswordReset, { input: { email } });
  await eventually(async () => expect((await mailsTo(email)).at(-1)?.subject).toMatch(/password/i), {
    timeoutMs: 60_000,
  });
  expect(await mailsTo(email)).toHaveLength(4);
});
