import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:net';
import { loadConfig } from '@shop/process';
import { createCertificate, eventually } from '@shop/testing';
import {
  type Mail,
  mailFields,
  readMailOptions,
  MailDeferred,
  MailRefused,
  MailUncertain,
  openSmtp,
  readSmtpUrl,
  renderMail,
  type Smtp,
  type SmtpOptions,
} from '../src/index.ts';
import { startMailServer, type MailServer } from './mail-server.ts';
import { fullData } from './sample-data.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function startServer(...args: Parameters<typeof startMailServer>): Promise<MailServer> {
  const server = await startMailServer(...args);
  open.push(server);
  return server;
}

function connect(url: string, options: Partial<SmtpOptions> = {}): Smtp {
  const smtp = openSmtp({ url, from: 'Cups & Co <no-reply@shop.example>', ...options });
  open.push(smtp);
  return smtp;
}

let count = 0;
const mailTo = (to: string, rest: Partial<Mail> = {}): Mail => ({
  to,
  ...renderMail('order-paid', 'de', fullData),
  messageId: `<${++count}.test@shop.example>`,
  ...rest,
});

test('a message arrives with both parts, its headers and its address', async () => {
  const server = await startServer();
  const smtp = connect(`smtp://127.0.0.1:${server.port}`);
  const mail = mailTo('ada@example.com', {
    headers: {
      'List-Unsubscribe': '<https://shop.example/unsubscribe?token=abc>',
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  });
  await smtp.send(mail);
  const { mail: received, raw } = server.received[0]!;
  expect(received).toMatchObject({ subject: 'Bestellung A-10042: Zahlungsbeleg', messageId: mail.messageId });
  expect(received.from?.value).toEqual([{ name: 'Cups & Co', address: 'no-reply@shop.example' }]);
  expect(received.text?.trim()).toBe(mail.text.trim());
  expect(received.html).toContain('1.259,56');
  expect(raw).toMatch(/^To: ada@example\.com\r$/m);
  expect(raw).toMatch(/^List-Unsubscribe: <https:\/\/shop\.example\/unsubscribe\?token=abc>\r$/m);
  expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
});

test('letters of any alphabet arrive', async () => {
  const server = await startServer();
  const subject = 'Η παραγγελία 10042 – ご注文 📦';
  const text = `${'Ευχαριστούμε. '.repeat(20)}\n.\nA line with = and a space at its end \n${'ß'.repeat(200)}`;
  await connect(`smtp://127.0.0.1:${server.port}`).send(
    mailTo('ada@example.com', { subject, text, html: `<p>${subject}</p>` }),
  );
  const { mail: received, raw } = server.received[0]!;
  expect(received).toMatchObject({ subject, html: `<p>${subject}</p>` });
  expect(received.text?.trim()).toBe(text);
  expect(raw).not.toMatch(/^.{79,}$/m);
  expect(raw).not.toMatch(/[^\x00-\x7f]/);
});

describe('the outcome says whether the message may be sent again', () => {
  test.each([
    ['5xx at RCPT', { reply: 550, at: 'rcpt' }, MailRefused, 550],
    ['5xx after DATA', { reply: 554, at: 'data' }, MailRefused, 554],
    ['4xx at RCPT', { reply: 450, at: 'rcpt' }, MailDeferred, 450],
    ['4xx after DATA', { reply: 451, at: 'data' }, MailDeferred, 451],
    ['421 after DATA', { reply: 421, at: 'data' }, MailDeferred, 421],
    ['a connection that ends before DATA', 'drop at data', MailDeferred, null],
    ['a connection that ends after DATA', 'drop after data', MailUncertain, null],
    ['no answer after DATA', 'stall after data', MailUncertain, null],
  ] as const)('%s', async (_, behaviour, type, code) => {
    const server = await startServer();
    server.behave('bob@example.com', behaviour);
    const smtp = connect(`smtp://127.0.0.1:${server.port}`, { idleTimeoutMs: 2_000 });
    await smtp.send(mailTo('first@example.com')); // the next message uses a connection that has been used
    const error: unknown = await smtp.send(mailTo('bob@example.com')).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ code });
    // The transport has not sent it again by itself, and goes on with other messages.
    await smtp.send(mailTo('carol@example.com'));
    expect(server.received.map(({ mail }) => mail.messageId)).toHaveLength(2);
    expect(server.attempts.filter((to) => to === 'bob@example.com')).toHaveLength(1);
  });

  test.each([
    ['5xx to the sender', 550, MailRefused],
    ['a demand for credentials', 530, MailDeferred],
  ])('%s', async (_, reply, type) => {
    const server = await startServer();
    server.behave('sender', { reply, at: 'mail' });
    await expect(connect(`smtp://127.0.0.1:${server.port}`).send(mailTo('bob@example.com'))).rejects.toBeInstanceOf(
      type,
    );
  });

  test('a greeting of 554 and a server that says nothing are no refusals of the message', async () => {
    for (const greeting of ['554 No service here\r\n', null]) {
      const silent = createServer((socket) => void (greeting !== null && socket.write(greeting))).listen(
        0,
        '127.0.0.1',
      );
      await eventually(() => expect(silent.listening).toBe(true));
      const { port } = silent.address() as { port: number };
      const smtp = connect(`smtp://127.0.0.1:${port}`, { connectTimeoutMs: 300 });
      await expect(smtp.send(mailTo('bob@example.com'))).rejects.toBeInstanceOf(MailDeferred);
      silent.close();
    }
  });

  test('a server that was away gets the message when it is back', async () => {
    const { port } = await startServer();
    await open.pop()?.close();
    const smtp = connect(`smtp://127.0.0.1:${port}`);
    const mail = mailTo('bob@example.com');
    await expect(smtp.send(mail)).rejects.toMatchObject({ name: 'MailDeferred', code: null });
    const server = await startServer({}, port);
    await smtp.send(mail);
    expect(server.received).toHaveLength(1);
  });

  test('an answer that comes too slowly ends the message', async () => {
    const server = await startServer();
    server.behave('bob@example.com', 'stall after data');
    const smtp = connect(`smtp://127.0.0.1:${server.port}`, { sendTimeoutMs: 500 });
    await expect(smtp.send(mailTo('bob@example.com'))).rejects.toBeInstanceOf(MailUncertain);
  });
});

describe('addresses and headers', () => {
  test.each([
    'a@x.example, b@x.example',
    'a@x.example\r\nRCPT TO:<b@x.example>',
    '<a@x.example>',
    'nobody',
    'a b@x.example',
    '',
  ])('refuses the recipient %j', async (to) => {
    const server = await startServer();
    await expect(connect(`smtp://127.0.0.1:${server.port}`).send(mailTo(to))).rejects.toBeInstanceOf(MailRefused);
    expect(server.connections).toBe(0);
  });

  test('a line break starts no header', async () => {
    const server = await startServer();
    const evil = 'x\r\nBcc: eve@example.com\r\n\r\nbody';
    await connect(`smtp://127.0.0.1:${server.port}`).send(
      mailTo('ada@example.com', { subject: evil, headers: { 'X-Topic': evil }, messageId: `<1@x>${evil}` }),
    );
    const { mail } = server.received[0]!;
    expect(mail.headers.has('bcc')).toBe(false);
    expect(mail.subject).toBe('x Bcc: eve@example.com body');
    expect(mail.headers.get('x-topic')).toBe('x Bcc: eve@example.com body');
  });

  test('an internationalised address arrives', async () => {
    const server = await startServer();
    await connect(`smtp://127.0.0.1:${server.port}`).send(mailTo('jörg@bücher.example'));
    expect(server.received).toHaveLength(1);
  });
});

describe('TLS', () => {
  test.each([
    ['smtps', { secure: true }],
    ['smtp', { secure: false }],
  ])('%s:// with a trusted certificate encrypts and signs in', async (scheme, { secure }) => {
    const certificate = await createCertificate();
    const server = await startServer({
      ...certificate,
      secure,
      authOptional: false,
      onAuth: ({ username, password }, _session, done) =>
        password === 'p@ss/word' ? done(null, { user: username ?? '' }) : done(new Error('no')),
    });
    const at = (password: string) => `${scheme}://ada:${encodeURIComponent(password)}@localhost:${server.port}`;
    await connect(at('p@ss/word'), { ca: certificate.cert }).send(mailTo('bob@example.com'));
    expect(server.received).toMatchObject([{ isSecure: true, user: 'ada' }]);
    // Wrong credentials are the operator's mistake: no message is lost by it.
    const wrong = connect(at('wrong'), { ca: certificate.cert }).send(mailTo('bob@example.com'));
    await expect(wrong).rejects.toMatchObject({ name: 'MailDeferred', code: 535 });
    await expect(wrong).rejects.not.toThrow('wrong@');
  });

  test.each(['smtps', 'smtp'])('%s:// sends nothing to a server whose certificate is not trusted', async (scheme) => {
    const server = await startServer({ ...(await createCertificate()), secure: scheme === 'smtps' });
    const smtp = connect(`${scheme}://localhost:${server.port}`);
    await expect(smtp.send(mailTo('bob@example.com'))).rejects.toThrow(/certificate/);
    await expect(smtp.send(mailTo('bob@example.com'))).rejects.toBeInstanceOf(MailDeferred);
    expect(server.contents).toEqual([]);
  });

  test('a password does not go to a server without TLS', async () => {
    const passwords: string[] = [];
    const server = await startServer({
      allowInsecureAuth: true,
      onAuth({ password }, _session, done) {
        passwords.push(password ?? '');
        done(null, { user: 'ada' });
      },
    });
    const url = `smtp://ada:secret@127.0.0.1:${server.port}?requireTLS=true`;
    await expect(connect(url).send(mailTo('bob@example.com'))).rejects.toBeInstanceOf(MailDeferred);
    expect(passwords).toEqual([]);
  });
});

test('messages are signed with the DKIM key', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const server = await startServer();
  const dkim = { domainName: 'shop.example', keySelector: 'k1', privateKey: pem };
  await connect(`smtp://127.0.0.1:${server.port}`, { dkim }).send(mailTo('ada@example.com'));
  expect(server.received[0]?.raw.replace(/\r\n\s+/g, ' ')).toMatch(
    /^DKIM-Signature: .*d=shop\.example;.* s=k1;.*\bb=/m,
  );
});

test('many messages share a few connections, and close waits for them', async () => {
  const server = await startServer();
  const smtp = connect(`smtp://127.0.0.1:${server.port}`, { maxConnections: 2 });
  const sent = Array.from({ length: 20 }, (_, index) => smtp.send(mailTo(`a${index}@example.com`)));
  await smtp.close();
  await Promise.all(sent);
  expect(server.received).toHaveLength(20);
  expect(server.connections).toBe(2);
});

test.each([
  ['smtp://mail.example', { host: 'mail.example', port: 587, secure: false, requireTLS: false }],
  ['smtps://mail.example', { host: 'mail.example', port: 465, secure: true, requireTLS: false }],
  ['smtp://a%40b:p%2Fq@mail.example:25', { port: 25, requireTLS: true, auth: { user: 'a@b', pass: 'p/q' } }],
  ['smtp://a:b@127.0.0.1', { requireTLS: false }],
  ['smtp://a:b@mail.example?requireTLS=false', { requireTLS: false }],
  ['smtp://[::1]:25', { host: '::1' }],
])('reads %s', (url, expected) => expect(readSmtpUrl(url)).toMatchObject(expected));

test.each([
  ['mail.example', 'must be a URL'],
  ['http://mail.example', 'smtp:// or smtps://'],
  ['smtp://a:secret@mail.example?pool=false', 'unknown setting pool'],
  ['smtp://a:secret@mail.example?requireTLS=maybe', 'must be true or false'],
  ['smtp://a:%zzsecret@mail.example', 'percent-encoded'],
])('rejects %s without quoting its password', (url, message) => {
  expect(() => readSmtpUrl(url)).toThrow(message);
  expect(() => readSmtpUrl(url)).toThrow(/^(?!.*secret)/);
});

describe('the variables of a service that sends mail', () => {
  const pem = '-----BEGIN PRIVATE KEY-----\\nabc\\n-----END PRIVATE KEY-----';
  const read = (env: NodeJS.ProcessEnv) => readMailOptions('test', loadConfig('test', mailFields, env));
  const url = 'smtp://mail.example';

  test('become the settings of the connection', () => {
    expect(read({ SMTP_URL: url })).toEqual({ url, from: 'Shop <no-reply@localhost>' });
    const dkim = { DKIM_DOMAIN: 'shop.example', DKIM_SELECTOR: 'k1', DKIM_PRIVATE_KEY: pem };
    expect(read({ SMTP_URL: url, MAIL_FROM: 'a@shop.example', ...dkim })).toEqual({
      url,
      from: 'a@shop.example',
      dkim: { domainName: 'shop.example', keySelector: 'k1', privateKey: pem.replaceAll('\\n', '\n') },
    });
  });

  test.each([
    [{}, 'SMTP_URL is missing'],
    [{ SMTP_URL: 'http://secret' }, 'SMTP_URL: must be a URL that starts with smtp:// or smtps://'],
    [{ SMTP_URL: url, MAIL_FROM: 'a\r\nBcc: b@x.example' }, 'MAIL_FROM: must be an address'],
    [{ SMTP_URL: url, DKIM_DOMAIN: 'shop.example' }, 'DKIM_SELECTOR is missing'],
    [{ SMTP_URL: url, DKIM_PRIVATE_KEY: 'secret' }, 'DKIM_PRIVATE_KEY: must be a private key in PEM'],
  ])('%j is refused without quoting a value', (env, message) => {
    expect(() => read(env)).toThrow(message);
    expect(() => read(env)).toThrow(/^(?![\s\S]*secret)/);
  });
});
