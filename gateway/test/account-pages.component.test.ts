import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Resolvers } from '@shop/subgraph';
import { temporaryDirectory } from '@shop/testing';
import { buildASTSchema, parse, validate } from 'graphql';
import { documents } from '../src/account-pages/run-mutation.ts';
import { chooseLanguage } from '../src/account-pages/texts.ts';
import type { GatewayConfig } from '../src/index.ts';
import { findChromium, openBrowser } from './browser.ts';
import { startSystem, type System } from './system.ts';

const shared = `
  interface UserError { code: String! message: String! }
  type InvalidToken implements UserError @shareable { code: String! message: String! }
  type InvalidInput implements UserError @shareable { code: String! message: String! issues: [Issue!]! }
  type Issue @shareable { message: String! }`;
const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])';
const schemas = {
  user: `${link} ${shared}
    type Query { a: String }
    type Mutation {
      verifyEmail(input: VerifyEmailInput!): VerifyEmailResult!
      resetPassword(input: ResetPasswordInput!): ResetPasswordResult!
    }
    input VerifyEmailInput { token: String! }
    input ResetPasswordInput { token: String! newPassword: String! }
    type VerifyEmailSuccess { ok: Boolean! }
    type ResetPasswordSuccess { ok: Boolean! }
    type EmailTaken implements UserError { code: String! message: String! }
    union VerifyEmailResult = VerifyEmailSuccess | InvalidToken | EmailTaken
    union ResetPasswordResult = ResetPasswordSuccess | InvalidInput | InvalidToken`,
  product: `${link} type Query { b: String }`,
  order: `${link} ${shared}
    type Query { c: String }
    type Mutation { unsubscribe(input: UnsubscribeInput!): UnsubscribeResult! }
    input UnsubscribeInput { token: String! }
    type UnsubscribeSuccess { ok: Boolean! }
    union UnsubscribeResult = UnsubscribeSuccess | InvalidInput | InvalidToken`,
};

const failure = (__typename: string) => ({ __typename, code: 'X', message: 'no' });
/** The token decides about the result. */
const answer = (
  success: string,
  { token, newPassword = 'long enough, surely' }: { token: string; newPassword?: string },
) => {
  calls.push({ success, token, newPassword });
  if (token.startsWith('crash')) throw new Error(`cannot read ${token}`);
  if (token === 'taken') return failure('EmailTaken');
  if (newPassword.length < 12)
    return { ...failure('InvalidInput'), issues: [{ message: 'newPassword must have <12> characters or more.' }] };
  return token.startsWith('good') ? { __typename: success, ok: true } : failure('InvalidToken');
};
const calls: { success: string; token: string; newPassword: string }[] = [];
const resolve =
  (success: string) =>
  (_: unknown, { input }: { input: { token: string } }) =>
    answer(success, input);
const resolvers: Record<keyof typeof schemas, Resolvers> = {
  user: {
    Mutation: { verifyEmail: resolve('VerifyEmailSuccess'), resetPassword: resolve('ResetPasswordSuccess') },
  },
  product: {},
  order: { Mutation: { unsubscribe: resolve('UnsubscribeSuccess') } },
};

let system: System;
const systems: System[] = [];
const open = async (config: Partial<GatewayConfig> = {}) => {
  const opened = await startSystem(resolvers, { schemas, config });
  systems.push(opened);
  return opened;
};
beforeAll(async () => {
  system = await open({ isProduction: true });
});
beforeEach(() => void calls.splice(0));
afterAll(async () => {
  for (const each of systems) await each.close();
});

async function visit(route: string, init: RequestInit = {}, at = system) {
  const response = await fetch(`${at.gateway.url}${route}`, { redirect: 'error', ...init });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
const post = (route: string, fields: Record<string, string>, headers: Record<string, string> = {}, at = system) =>
  visit(route, { method: 'POST', body: new URLSearchParams(fields), headers }, at);

const pages = ['/verify-email', '/reset-password', '/unsubscribe'];

describe.each(pages)('%s', (page) => {
  test('shows a form to a GET and changes nothing', async () => {
    const { status, headers, text } = await visit(`${page}?token=good-1`);
    expect(status).toBe(200);
    expect(calls).toEqual([]);
    expect(text).toContain('<input type="hidden" name="token" value="good-1">');
    expect(text).toMatch(new RegExp(`<form method="post" action="\\./${page.slice(1)}">`));
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'x-robots-tag': 'noindex',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      ),
    });
    expect(text).not.toMatch(/<script|https?:|style="/);
    expect((await visit(`${page}?token=good-1`, { method: 'HEAD' })).status).toBe(200);
    expect(calls).toEqual([]);
  });

  test('calls the graph for a POST', async () => {
    const { status, text } = await post(page, { token: 'good-2', newPassword: 'long enough, surely' });
    expect(status).toBe(200);
    expect(calls).toMatchObject([{ token: 'good-2' }]);
    expect(text).toContain('role="status"');
    expect(text).not.toContain('<form');
  });

  test.each([
    ['no token', ''],
    ['an empty token', '?token='],
    ['control characters', '?token=%00'],
    ['a token that is too long', `?token=${'x'.repeat(1_001)}`],
    ['a token with a space', '?token=%3Cscript%3E%20'],
  ])('says that a link is incomplete: %s', async (_, query) => {
    for (const method of ['GET', 'POST']) expect((await visit(`${page}${query}`, { method })).status).toBe(400);
    expect(calls).toEqual([]);
  });

  test('says that a link is too old or was used', async () => {
    const { status, text } = await post(page, { token: 'old', newPassword: 'long enough, surely' });
    expect(status).toBe(400);
    expect(text).toContain('This link is incomplete, too old, or was used already.');
  });

  test('refuses a form of another site', async () => {
    const { status } = await post(page, { token: 'good-3' }, { 'sec-fetch-site': 'cross-site' });
    expect([status, calls]).toEqual([403, []]);
  });

  test('keeps the token out of the log, also when a service fails', async () => {
    const { status, text } = await post(page, { token: 'crash-secret', newPassword: 'long enough, surely' });
    expect(status).toBe(503);
    expect(text).toContain('This does not work at the moment.');
    await visit(`${page}?token=good-secret`);
    await post(`${page}?token=good-secret`, { newPassword: 'very-secret-word' });
    await visit(`${page}?token=good-secret`, {
      method: 'POST',
      body: 'x'.repeat(10_000),
      headers: { 'content-type': 'text/plain' },
    });
    // The failing service itself quotes the token in this test, in the reason of its error.
    const lines = system.lines.filter((line) => !JSON.stringify(line).includes('cannot read crash-secret'));
    expect(JSON.stringify(lines)).not.toMatch(/good-secret|very-secret|crash-secret/);
  });

  test('is not there when a shop has it', async () => {
    const other = await open({ hasAccountPages: false });
    expect((await visit(`${page}?token=good`, {}, other)).status).toBe(404);
    expect((await post(page, { token: 'good' }, {}, other)).status).toBe(404);
  });
});

test('a token is text in the page', async () => {
  const { text } = await visit(`/verify-email?token=${encodeURIComponent('"><script>alert(1)</script>')}`);
  expect(text).not.toContain('<script');
});

test('a password that breaks a rule shows the reason, and the form again', async () => {
  const { status, text } = await post('/reset-password', { token: 'good', newPassword: 'short' });
  expect(status).toBe(400);
  expect(text).toContain('Choose one of 12 to 256 characters that is not among the most common ones.');
  expect(text).toMatch(/<input id="new-password"[^>]+aria-describedby="message rule" aria-invalid="true"/);
  expect(text).toContain('name="token" value="good"');
  expect(text).not.toContain('short');
});

test('an address that another account has taken is named', async () => {
  expect((await post('/verify-email', { token: 'taken' })).status).toBe(409);
});

test.each([
  ['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
  [
    'multipart/form-data; boundary=b',
    '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
  ],
])('a mail program unsubscribes with one click: %s', async (type, body) => {
  const { status } = await visit('/unsubscribe?token=good-one-click', {
    method: 'POST',
    body,
    headers: { 'content-type': type },
  });
  expect(status).toBe(200);
  expect(calls).toMatchObject([{ success: 'UnsubscribeSuccess', token: 'good-one-click' }]);
});

test('the graph itself accepts no form', async () => {
  const { status } = await post('/graphql', { query: '{ a }' });
  expect(status).toBe(415);
});

test('the pages are in the language of the browser', async () => {
  const { text } = await visit('/reset-password?token=good', {
    headers: { 'accept-language': 'de-AT,de;q=0.9,en;q=0.5' },
  });
  expect(text).toContain('<html lang="de">');
  expect(text).toContain('<label for="new-password">Neues Passwort</label>');
  expect([
    chooseLanguage(undefined),
    chooseLanguage('fr, de;q=0.2'),
    chooseLanguage('de;q=0, en'),
    chooseLanguage('*'),
  ]).toEqual(['en', 'de', 'en', 'en']);
});

test('attempts are limited as those of the graph', async () => {
  const limited = await open({ rateLimit: { points: 25 } });
  const answers = [];
  for (let attempt = 0; attempt < 4; attempt += 1)
    answers.push(await post('/verify-email', { token: 'wrong' }, {}, limited));
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 429, 429]);
  expect(Number(answers.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(answers.at(-1)?.text).toContain('There were too many attempts.');
});

test('the pages work where only listed operations may run', async () => {
  const folder = await temporaryDirectory();
  const manifest = path.join(folder.path, 'manifest.json');
  writeFileSync(manifest, JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations: [] }));
  const strict = await open({ isProduction: true, persistedOperations: { mode: 'enforce', files: [manifest] } });
  expect((await post('/verify-email', { token: 'good' }, {}, strict)).status).toBe(200);
  await folder.remove();
});

test('an operation of the pages is valid in the composed graph, once that has its mutation', () => {
  const file = 'clients/typescript/schema.graphql';
  expect(existsSync(file)).toBe(true);
  const schema = buildASTSchema(parse(readFileSync(file, 'utf8')), { assumeValidSDL: true });
  const known = Object.entries(documents).filter(([name]) => schema.getMutationType()?.getFields()[name] !== undefined);
  for (const [, text] of known) expect(validate(schema, parse(text))).toEqual([]);
});

const executable = findChromium();
const suffix = executable === undefined ? ' (skipped: no Chromium was found; set CHROMIUM_BIN)' : '';
(executable === undefined ? test.skip : test)(
  `a person sets a new password on a phone, without scripts${suffix}`,
  async () => {
    const browser = await openBrowser(executable ?? '');
    try {
      const context = await browser.newContext({ viewport: { width: 320, height: 600 }, javaScriptEnabled: false });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
      await page.goto(`${system.gateway.url}/reset-password?token=good-phone`);
      await page.getByLabel('New password').fill('long enough, surely');
      const { width } = (await page.locator('main').boundingBox()) ?? { width: 0 };
      expect(width).toBe(320);
      await page.getByRole('button', { name: 'Save new password' }).click();
      await page.getByRole('status').waitFor();
      expect(new URL(page.url()).search).toBe('');
      expect(calls).toEqual([
        { success: 'ResetPasswordSuccess', token: 'good-phone', newPassword: 'long enough, surely' },
      ]);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  },
);
