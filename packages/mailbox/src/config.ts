import { fields, loadConfig } from '@shop/process';
import { z } from 'zod';

/** The mailbox's environment. Nothing else in the mailbox reads process.env. */
export function readConfig(env = process.env) {
  const read = loadConfig(
    'mailbox',
    {
      LOG_LEVEL: fields.logLevel(),
      HOST: fields.host(),
      MAILBOX_PORT: fields.port(4026),
      MAILBOX_SMTP_PORT: fields.port(4025),
      MAILBOX_DIR: z.string().optional(),
    },
    env,
  );
  return {
    logLevel: read.LOG_LEVEL,
    host: read.HOST,
    port: read.MAILBOX_PORT,
    smtpPort: read.MAILBOX_SMTP_PORT,
    /** Where messages are kept for the next start; without it, in memory only. */
    directory: read.MAILBOX_DIR,
  };
}
