import { readConfig } from './config.ts';

const url = 'smtp://mail.example';

test('a mailbox on this machine is the default, except in production', () => {
  expect(readConfig({})).toEqual({
    smtp: { url: 'smtp://127.0.0.1:4025', from: 'Shop <no-reply@localhost>' },
    mailDomain: 'localhost',
    linkBase: 'http://localhost:4000',
    shop: { shopName: 'Shop', timeZone: 'UTC' },
    lowStockThreshold: 5,
    retentionDays: 90,
  });
  expect(() => readConfig({ NODE_ENV: 'production' })).toThrow('SMTP_URL is missing: in production, mails need');
  expect(readConfig({ NODE_ENV: 'production', SMTP_URL: url }).smtp.url).toBe(url);
});

test.each([
  [{ GATEWAY_PORT: '8080' }, 'http://localhost:8080'],
  [{ GATEWAY_PORT: '8080', PUBLIC_URL: 'https://api.example' }, 'https://api.example'],
  [{ PUBLIC_URL: 'https://api.example', SHOP_URL: 'https://shop.example/de' }, 'https://shop.example/de'],
])('with %j, links lead to %s', (env, expected) => {
  expect(readConfig(env).linkBase).toBe(expected);
});

test.each(['Shop <orders@shop.example>', 'orders@shop.example'])('Message-IDs have the domain of %s', (MAIL_FROM) => {
  expect(readConfig({ MAIL_FROM }).mailDomain).toBe('shop.example');
});

test.each([
  [{ SMTP_URL: 'http://mail.example' }, 'SMTP_URL: must be a URL that starts with smtp://'],
  [{ SHOP_TIME_ZONE: 'Mars' }, 'SHOP_TIME_ZONE: must be an IANA time zone'],
  [{ NOTIFICATION_RETENTION_DAYS: '7' }, 'NOTIFICATION_RETENTION_DAYS: must be from 8 to 3650'],
  [{ DKIM_DOMAIN: 'shop.example' }, 'DKIM_SELECTOR is missing'],
])('refuses %j', (env, message) => {
  expect(() => readConfig(env)).toThrow(message);
});
