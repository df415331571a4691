import { mailFields, readMailOptions } from '@shop/mail';
import { ConfigError, fields, loadConfig } from '@shop/process';
import { z } from 'zod';

/** Where the mailbox for development listens. */
const PRESET_SMTP_URL = 'smtp://127.0.0.1:4025';

const timeZone = () =>
  z.string().refine(isTimeZone, { message: 'must be an IANA time zone, such as Europe/Berlin' }).default('UTC');

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Configuration that only the notification subgraph has. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const isProduction = env['NODE_ENV'] === 'production';
  const read = loadConfig(
    'notification',
    {
      ...mailFields,
      SMTP_URL: isProduction ? mailFields.SMTP_URL.optional() : mailFields.SMTP_URL.default(PRESET_SMTP_URL),
      SHOP_URL: fields.httpUrl().optional(),
      PUBLIC_URL: fields.httpUrl().optional(),
      GATEWAY_PORT: fields.port(4000),
      SHOP_NAME: z.string().max(100).default('Shop'),
      SHOP_TIME_ZONE: timeZone(),
      LOW_STOCK_THRESHOLD: fields.integer(5, 0, 1_000_000),
      // Longer than events are kept: each event that a publisher still has can be compared with its messages.
      NOTIFICATION_RETENTION_DAYS: fields.integer(90, 8, 3_650),
    },
    env,
  );
  const { SMTP_URL } = read;
  if (SMTP_URL === undefined)
    throw new ConfigError('notification', [
      'SMTP_URL is missing: in production, mails need a mail server. Set it, for example smtp://user:password@mail.example:587',
    ]);
  const smtp = readMailOptions('notification', { ...read, SMTP_URL });
  return {
    smtp,
    mailDomain: /@([^\s@<>]+?)>?$/.exec(smtp.from)?.[1] ?? 'localhost',
    linkBase: read.SHOP_URL ?? read.PUBLIC_URL ?? `http://localhost:${read.GATEWAY_PORT}`,
    shop: { shopName: read.SHOP_NAME, timeZone: read.SHOP_TIME_ZONE },
    lowStockThreshold: read.LOW_STOCK_THRESHOLD,
    retentionDays: read.NOTIFICATION_RETENTION_DAYS,
  };
}
