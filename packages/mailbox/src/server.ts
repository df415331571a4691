import { createLogger, runService } from '@shop/process';
import { readConfig } from './config.ts';
import { startMailbox } from './start-mailbox.ts';

runService('mailbox', async ({ onStop }) => {
  const config = readConfig();
  const logger = createLogger({ service: 'mailbox', level: config.logLevel });
  const mailbox = await startMailbox({ config, logger });
  onStop('mailbox', () => mailbox.close());
  logger.info({ url: mailbox.url, smtpUrl: mailbox.smtpUrl }, 'ready');
});
