import { addHealthRoutes, createHttpServer, listen, type Logger } from '@shop/process';
import { startSmtpServer } from './accept-mail.ts';
import { addApiRoutes } from './api.ts';
import { checkHost } from './check-host.ts';
import { openMessages } from './messages.ts';
import { addPages } from './pages/pages.ts';

export interface MailboxConfig {
  readonly host: string;
  /** Of the page and the API; 0 takes a free one. */
  readonly port: number;
  readonly smtpPort: number;
  /** Messages are kept here for the next start. Default: in memory only. */
  readonly directory?: string | undefined;
}

export interface RunningMailbox {
  /** Base URL of the page, without a slash at its end. */
  readonly url: string;
  /** Without TLS and credentials. */
  readonly smtpUrl: string;
  close(): Promise<void>;
}

/** Bytes of one message. */
const maxMessageBytes = 5 * 1024 * 1024;

/**
 * A mail server for development: it accepts each message, delivers none, and shows them on a page.
 *
 * @throws PortTakenError
 */
export async function startMailbox(options: { config: MailboxConfig; logger: Logger }): Promise<RunningMailbox> {
  const { config, logger } = options;
  const messages = await openMessages({ directory: config.directory });
  const smtp = await startSmtpServer({ host: config.host, port: config.smtpPort, maxMessageBytes, messages, logger });
  const app = createHttpServer({ logger, maxConnections: 200 });
  checkHost(app);
  addHealthRoutes(app, { checks: { smtp: async () => smtp.requireListening() }, logger });
  addApiRoutes(app, messages);
  addPages(app, messages);
  const url = await listen(app, config).catch(async (error: unknown) => {
    await smtp.close();
    throw error;
  });
  return {
    url,
    smtpUrl: smtp.url,
    async close() {
      // First what fills the mailbox: a message that was accepted is kept.
      await smtp.close();
      await app.close();
    },
  };
}
