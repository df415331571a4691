import { request } from 'node:http';
import { eventually } from '@shop/testing';
import type { Browser, Page } from 'playwright-core';
import { findChromium, openBrowser } from './browser.ts';
import { startForeignGateway } from './foreign-gateway.ts';
import { startForeignGraph } from './foreign-graph.ts';
import { signAccessToken } from './keys.ts';
import { testResolvers } from './resolvers.ts';
import { findStream, startLiveSystem } from './subscriptions/live-system.ts';
import { startSystem, type System } from './system.ts';

const executable = findChromium();
// A test that did not run says so in its name, and is counted as skipped.
const inBrowser = executable === undefined ? test.skip : test;
const suffix = executable === undefined ? ' (skipped: no Chromium was found; set CHROMIUM_BIN)' : '';

let system: System;
let browser: Browser | undefined;
beforeAll(async () => {
  system = await startSystem(testResolvers);
  if (executable !== undefined) browser = await openBrowser(executable);
});
afterAll(async () => {
  await browser?.close();
  await system.close();
});

const get = (path: string) => fetch(`${system.gateway.url}${path}`);

test('the gateway serves the page, its scripts and Monaco’s workers, and the policy allows no other source', async () => {
  const page = await get('/graphiql');
  const { host } = new URL(system.gateway.url);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.headers.get('content-security-policy')).toMatch(
    new RegExp(
      `^default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self' ws://${host} wss://${host}; style-src`,
    ),
  );
  expect(await page.text()).not.toMatch(/(src|href)="(?!\/graphiql\/|data:,)/);
  for (const name of ['page.js', 'page.css', 'editor-worker.js', 'json-worker.js', 'graphql-worker.js']) {
    expect([name, (await get(`/graphiql/${name}`)).status]).toEqual([name, 200]);
  }
});

test.each([
  '/graphiql/nothing.js',
  '/graphiql/..%2f..%2fpackage.json',
  '/graphiql/%2e%2e/gateway.js',
  '/graphiql/__proto__',
  '/graphiql/a/b',
])('%s does not exist', async (path) => {
  expect((await get(path)).status).toBe(404);
});

test('a host that is none does not become a part of the policy', async () => {
  const { hostname, port } = new URL(system.gateway.url);
  const policy = await new Promise((resolve, reject) => {
    const headers = { host: "evil.example;script-src'unsafe-inline'" };
    request({ hostname, port, path: '/graphiql', headers }, (response) => {
      response.resume();
      resolve(response.headers['content-security-policy']);
    })
      .once('error', reject)
      .end();
  });
  expect(policy).toMatch(/; connect-src 'self'; style-src/);
});

test('production has no GraphiQL', async () => {
  const production = await startSystem(testResolvers, { config: { isProduction: true } });
  const answers = await Promise.all(
    ['/graphiql', '/graphiql/page.js'].map((path) => fetch(production.gateway.url + path)),
  );
  await production.close();
  expect(answers.map(({ status }) => status)).toEqual([404, 404]);
});

/** Opens the page, and collects the messages of the browser's console and the URLs of its requests. */
async function open(url = system.gateway.url): Promise<{ page: Page; complaints: string[]; hosts: Set<string> }> {
  const page = await (await browser!.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  const complaints: string[] = [];
  const hosts = new Set<string>();
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  page.on('pageerror', (error) => void complaints.push(String(error)));
  page.on('request', (request) => void hosts.add(new URL(request.url()).host));
  await page.goto(`${url}/graphiql`, { timeout: 60_000 });
  await page.locator('.graphiql-query-editor .monaco-editor').waitFor({ timeout: 60_000 });
  return { page, complaints, hosts };
}

async function type(page: Page, editor: string, text: string): Promise<void> {
  await page.locator(`${editor} .view-lines`).first().click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('Delete');
  // All text at once, so that the editor does not close brackets by itself.
  await page.keyboard.insertText(text);
}

/** Runs the operation in the editor, and waits until the answer shows this text. */
async function runUntil(page: Page, text: string): Promise<void> {
  await page.locator('.graphiql-execute-button').click();
  await page.locator('.result-window .view-lines').getByText(text).first().waitFor({ timeout: 60_000 });
}

inBrowser(
  `a person runs a query, sees the answer, and runs it again with a token${suffix}`,
  async () => {
    const { page, complaints, hosts } = await open();
    expect(await page.locator('.graphiql-tab').allInnerTexts()).toEqual([
      'Register',
      'Products',
      'PlaceOrder',
      'Watch',
      'Order',
    ]);
    expect(await page.locator('.graphiql-query-editor .view-lines').innerText()).toMatch(/mutation\sRegister/);
    await type(page, '.graphiql-query-editor', 'query Who { whoami }');
    // The page reads the typed text a moment later. Until then it would run the previous operation.
    await page.locator('.graphiql-tab').getByText('Who').waitFor({ timeout: 60_000 });
    await runUntil(page, '[null,null,[]]');

    const token = await signAccessToken(system.accessKey, { sub: 'ada', scope: 'a' });
    await page.getByRole('button', { name: 'Headers' }).click();
    await type(
      page,
      '.graphiql-editor-tool .graphiql-editor:not(.hidden)',
      JSON.stringify({ Authorization: `Bearer ${token}` }),
    );
    await runUntil(page, 'ada');

    // The page knows the schema: the explorer shows it, and the language worker marks a mistake.
    await type(page, '.graphiql-query-editor', '{ nothingOfThis }');
    await page
      .locator('.graphiql-query-editor .squiggly-error')
      .first()
      .waitFor({ state: 'attached', timeout: 60_000 });
    const screenshot = process.env['SCREENSHOT'];
    if (screenshot !== undefined) await page.screenshot({ path: screenshot });

    expect(complaints).toEqual([]);
    expect([...hosts].filter((host) => host !== '')).toEqual([new URL(system.gateway.url).host]);
    // The browser remembers the typed operation, but not the token.
    expect(JSON.stringify(await page.evaluate('({ ...localStorage })'))).not.toContain(token);
  },
  180_000,
);

inBrowser(
  `the first tab has its variables, and a reload shows the tab that was open${suffix}`,
  async () => {
    const { page, complaints } = await open();
    const variables = page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden) .view-lines');
    await variables.getByText('ada@example.com').waitFor({ timeout: 60_000 });

    await page.locator('.graphiql-tab-button').getByText('PlaceOrder').click();
    await variables.getByText('{{productId}}').waitFor({ timeout: 60_000 });
    // GraphiQL stores the open tab a moment later.
    await eventually(async () => {
      expect(await page.evaluate("localStorage.getItem('graphiql:tabState')")).toContain('"activeTabIndex":2');
    });
    await page.reload();
    await variables.getByText('{{productId}}').waitFor({ timeout: 60_000 });
    expect(await page.locator('.graphiql-tab').count()).toBe(5);
    expect(complaints).toEqual([]);
  },
  180_000,
);

inBrowser(
  `a person watches an order with a token, and stops${suffix}`,
  async () => {
    const live = await startLiveSystem();
    try {
      live.jwks = [live.accessKey.publicJwk];
      const { page, complaints, hosts } = await open(live.gateway.url);
      await type(page, '.graphiql-query-editor', 'subscription Seen { orderUpdated(id: "o1") { id status } }');
      await page.locator('.graphiql-tab').getByText('Seen').waitFor({ timeout: 60_000 });
      const token = await signAccessToken(live.accessKey, { sub: 'ada' });
      await page.getByRole('button', { name: 'Headers' }).click();
      await type(
        page,
        '.graphiql-editor-tool .graphiql-editor:not(.hidden)',
        JSON.stringify({ Authorization: `Bearer ${token}` }),
      );
      await page.locator('.graphiql-execute-button').click();
      const stream = await findStream(live, 'undefined');
      expect(stream.context.viewer.userId).toBe('ada');
      const answer = page.locator('.result-window .view-lines');
      for (const status of ['PENDING', 'RESERVED']) {
        stream.push(status);
        await answer.getByText(status).first().waitFor({ timeout: 60_000 });
      }
      const screenshot = process.env['SCREENSHOT_WATCH'];
      if (screenshot !== undefined) await page.screenshot({ path: screenshot });
      await page.locator('.graphiql-execute-button').click();
      await eventually(() => expect(stream.ending).toBe('closed'));
      expect(complaints).toEqual([]);
      expect([...hosts].filter((host) => host !== '')).toEqual([new URL(live.gateway.url).host]);
    } finally {
      await live.close();
    }
  },
  180_000,
);

inBrowser(
  `a supergraph that is not the shop’s has no tabs with operations of the shop${suffix}`,
  async () => {
    const graph = await startForeignGraph();
    const gateway = await startForeignGateway(graph.compose());
    try {
      const { page, complaints } = await open(gateway.url);
      expect(await page.locator('.graphiql-query-editor .view-lines').innerText()).toBe('');
      await type(page, '.graphiql-query-editor', 'query Films { films { title } }');
      await runUntil(page, 'Metropolis');
      expect(complaints).toEqual([]);
    } finally {
      await gateway.close();
      await graph.closeAll();
    }
  },
  180_000,
);
