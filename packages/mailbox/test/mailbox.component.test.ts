import { get } from 'node:http';
import { connect } from 'node:net';
import { appendFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openSmtp, renderMail } from '@shop/mail';
import { createLogger } from '@shop/process';
import { eventually, temporaryDirectory, type TemporaryDirectory } from '@shop/testing';
import { openMessages } from '../src/messages.ts';
import { type RunningMailbox, startMailbox } from '../src/index.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
let directory: TemporaryDirectory;
let mailbox: RunningMailbox;
let smtp: ReturnType<typeof openSmtp>;
let count = 0;

const start = (given?: string) =>
  startMailbox({ config: { host: '127.0.0.1', port: 0, smtpPort: 0, directory: given }, logger });

beforeAll(async () => {
  directory = await temporaryDirectory();
  mailbox = await start(directory.path);
  smtp = openSmtp({ url: mailbox.smtpUrl, from: 'Shop <no-reply@shop.example>' });
});
afterAll(async () => {
  await smtp.close();
  await mailbox.close();
  await directory.remove();
});

const link = 'https://shop.example/reset-password?token=abc';
async function send(to: string, html?: string, subject = 'Hello') {
  const mail = renderMail('password-reset', 'en', { name: 'Ada', link, linkExpiresAt: new Date() });
  await smtp.send({ to, ...mail, subject, html: html ?? mail.html, messageId: `<${++count}@shop.example>` });
}

const fetchText = async (route: string) => {
  const response = await fetch(`${mailbox.url}${route}`);
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const list = async (query: string) =>
  ((await (await fetch(`${mailbox.url}/api/messages${query}`)).json()) as { messages: Record<string, unknown>[] })
    .messages;

test('lists the messages to a recipient, the newest first, with both parts and all headers', async () => {
  await send('ada@example.com', undefined, 'First');
  await send('bob@example.com');
  await send('Ada@Example.com', undefined, 'Second');
  const messages = await list('?to=ADA@example.com');
  expect(messages.map(({ subject }) => subject)).toEqual(['Second', 'First']);
  expect(messages[1]).toMatchObject({
    to: ['ada@example.com'],
    from: '"Shop" <no-reply@shop.example>',
    messageId: expect.stringMatching(/@shop\.example$/),
    text: expect.stringContaining(link),
    html: expect.stringContaining(link.replace('=', '&#x3D;')),
    headers: expect.arrayContaining([{ name: 'Subject', value: 'First' }]),
  });
  const first = Number(messages[1]?.['id']);
  expect((await list(`?to=ada@example.com&after=${first}`)).map(({ subject }) => subject)).toEqual(['Second']);
  expect(await (await fetch(`${mailbox.url}/api/messages/${first}`)).json()).toEqual(messages[1]);
  expect((await list('?limit=1')).length).toBe(1);
});

test.each([
  ['/api/messages?limit=0', 400],
  ['/api/messages/999999', 404],
  ['/api/messages/x', 404],
  ['/messages/999999', 404],
  ['/messages/999999/html', 404],
  ['/health/ready', 200],
  ['/health/live', 200],
])('GET %s answers %i', async (route, status) => expect((await fetchText(route)).status).toBe(status));

test('the page shows a message as text, and its HTML in a sandbox that runs and loads nothing', async () => {
  const hostile =
    '<html><head></head><body><script>alert(1)</script><img src="https://evil.example/x.png">hello</body></html>';
  await send('eve@example.com', hostile, '<script>alert(2)</script>');
  const [message] = await list('?to=eve@example.com');
  const id = Number(message?.['id']);

  const page = await fetchText(`/messages/${id}`);
  expect(page.text).not.toContain('<script>');
  expect(page.text).toContain('<h1>&lt;script&gt;alert(2)&lt;/script&gt;</h1>');
  expect(page.text).toMatch(/<iframe[^>]+sandbox="allow-popups allow-popups-to-escape-sandbox"/);
  expect(page.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-[^;]+; frame-src 'self';/,
  );
  expect(page.headers.get('cache-control')).toBe('no-store');

  const frame = await fetchText(`/messages/${id}/html`);
  const policy = frame.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'; style-src 'unsafe-inline'; img-src data:;");
  expect(policy).toContain('sandbox allow-popups allow-popups-to-escape-sandbox');
  expect(policy).not.toMatch(/script|https|\*/);
  expect(frame.text).toContain('<head><base target="_blank">');

  const overview = await fetchText('/?to=eve@example.com');
  expect(overview.text).toContain(`<a href="/messages/${id}">&lt;script&gt;`);
  expect((await fetchText('/?to="><script>')).text).not.toContain('<script>');
});

test('a name on the internet that leads to this machine is refused', async () => {
  const ask = (host: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const request = get(`${mailbox.url}/api/messages`, { headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject);
    });
  expect(await ask('rebound.evil.example:4026')).toBe(403);
  for (const host of ['localhost:4026', '127.0.0.1:4026', '[::1]:4026', 'mailbox:4026'])
    expect(await ask(host)).toBe(200);
});

test('a message that is too large is refused for good', async () => {
  await expect(send('big@example.com', 'x'.repeat(6 * 1024 * 1024))).rejects.toMatchObject({ name: 'MailRefused' });
  expect(await list('?to=big@example.com')).toEqual([]);
});

test('a client that breaks off does no harm', async () => {
  const { hostname, port } = new URL(mailbox.smtpUrl);
  const socket = connect(Number(port), hostname);
  socket.write('EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<cut@example.com>\r\nDATA\r\nSubject: cut\r\n\r\nhalf');
  await eventually(() => expect(socket.bytesRead).toBeGreaterThan(0));
  socket.destroy();
  await send('after@example.com');
  expect(await list('?to=cut@example.com')).toEqual([]);
});

test('messages outlive a restart, and ids go on', async () => {
  const folder = path.join(directory.path, 'kept');
  const first = await openMessages({ directory: folder });
  await first.add(Buffer.from('Subject: one\r\n\r\nbody \xe9', 'latin1'), ['a@example.com']);
  await first.add(Buffer.from('Subject: =?utf-8?q?zw=C3=B6lf?=\r\n\r\n'), []);
  const kept = await first.list();
  const second = await openMessages({ directory: folder });
  expect(await second.list()).toEqual(kept);
  expect(kept).toMatchObject([{ subject: 'zwölf' }, { id: 1, subject: 'one', to: ['a@example.com'], html: null }]);
  expect(await second.add(Buffer.from('Subject: three\r\n\r\n'), [])).toBe(3);
  expect(await second.find(3)).toMatchObject({ subject: 'three' });
});

test('a message that a kill has cut off is left out, and the next ones are kept', async () => {
  const folder = path.join(directory.path, 'cut');
  const first = await openMessages({ directory: folder });
  await first.add(Buffer.from('Subject: one\r\n\r\n'), []);
  await appendFile(path.join(folder, '1.json'), '{"id":2,"raw":"Subj');
  await writeFile(path.join(folder, '2.json'), '{"id":2,"raw":"Subj');
  await (await openMessages({ directory: folder })).add(Buffer.from('Subject: two\r\n\r\n'), []);
  const found = await (await openMessages({ directory: folder })).list();
  expect(found.map(({ id, subject }) => [id, subject])).toEqual([
    [2, 'two'],
    [1, 'one'],
  ]);
});

test('a message that cannot be read is shown as it came, with the others', async () => {
  const messages = await openMessages({});
  const head = 'Subject: many\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n';
  const raw = head + '--b\r\n\r\nx\r\n'.repeat(5_000);
  await messages.add(Buffer.from(raw), []);
  await messages.add(Buffer.from('Subject: one\r\n\r\n'), []);
  const [other, unread] = await messages.list();
  expect(other).toMatchObject({ subject: 'one' });
  expect(unread).toMatchObject({ subject: expect.stringContaining('cannot be read: Max allowed child'), text: raw });
});

test('messages of the former release are shown, and go with the others', async () => {
  const folder = path.join(directory.path, 'former');
  const former = { id: 7, receivedAt: '2026-11-01T10:00:00.000Z', to: ['a@example.com'], from: 'b@example.com' };
  const message = { ...former, subject: 'old', messageId: null, text: 'text', html: null, headers: [] };
  await mkdir(folder);
  await writeFile(path.join(folder, '7.json'), JSON.stringify(message));
  await writeFile(path.join(folder, '8.json'), '');
  const messages = await openMessages({ directory: folder, maxMessages: 2 });
  expect(await messages.list({ to: 'A@example.com' })).toEqual([message]);
  for (const subject of ['new', 'newer']) await messages.add(Buffer.from(`Subject: ${subject}\r\n\r\n`), []);
  expect((await messages.list()).map(({ id }) => id)).toEqual([9, 8]);
  expect(await readdir(folder)).toEqual(['8.json']);
});

test('a reader that asks for what came after the last id misses nothing', async () => {
  const messages = await openMessages({ directory: path.join(directory.path, 'followed') });
  // The first takes longest to write.
  const texts = [...Array(20).keys()].map((index) => 'x'.repeat(index % 5 === 0 ? 500_000 : 1));
  let isAdding = true;
  const adding = Promise.all(texts.map((text) => messages.add(Buffer.from(`Subject: a\r\n\r\n${text}`), []))).finally(
    () => (isAdding = false),
  );
  const seen: number[] = [];
  const look = async () =>
    seen.push(...(await messages.list({ after: seen.at(-1) ?? 0 })).map(({ id }) => id).reverse());
  while (isAdding) {
    await look();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await adding;
  await look();
  expect(seen).toEqual(texts.map((_text, index) => index + 1));
});

test('the oldest messages make room, by number and by size', async () => {
  const folder = path.join(directory.path, 'full');
  const messages = await openMessages({ directory: folder, maxMessages: 3 });
  for (let index = 0; index < 5; index += 1) await messages.add(Buffer.from(`Subject: ${index}\r\n\r\n`), []);
  expect((await messages.list()).map(({ subject }) => subject)).toEqual(['4', '3', '2']);
  const again = await openMessages({ directory: folder, maxMessages: 3 });
  expect((await again.list()).map(({ subject }) => subject)).toEqual(['4', '3', '2']);

  const small = await openMessages({ maxBytes: 1_000 });
  for (let index = 0; index < 5; index += 1)
    await small.add(Buffer.from(`Subject: ${index}\r\n\r\n${'x'.repeat(400)}`), []);
  expect((await small.list()).map(({ subject }) => subject)).toEqual(['4', '3']);
});

test('messages share files, and files whose messages made room go', async () => {
  const folder = path.join(directory.path, 'files');
  const messages = await openMessages({ directory: folder, maxMessages: 150 });
  for (let index = 0; index < 350; index += 1) await messages.add(Buffer.from(`Subject: ${index}\r\n\r\n`), []);
  expect((await readdir(folder)).sort()).toEqual(['201.json', '301.json']);
  const big = Buffer.from(`Subject: big\r\n\r\n${'x'.repeat(5 * 1024 * 1024)}`);
  for (let times = 0; times < 2; times += 1) await messages.add(big, []);
  expect((await readdir(folder)).sort()).toEqual(['201.json', '301.json', '352.json']);
});

test('a taken port is named', async () => {
  const smtpPort = Number(new URL(mailbox.smtpUrl).port);
  await expect(startMailbox({ config: { host: '127.0.0.1', port: 0, smtpPort }, logger })).rejects.toThrow(
    `Port ${smtpPort} on 127.0.0.1 is already in use.`,
  );
});
