import { type Assembly, reportStep, type Surroundings } from './assembly.ts';
import { mailboxEnvironment, urlAt } from './environment.ts';
import { createService } from './service.ts';
import type { Mailbox } from './types.ts';

/** It shows links that reset passwords, so that no other machine may reach it, whatever `HOST` is. */
export const MAILBOX_HOST = '127.0.0.1';

/** The URL of the embedded mailbox for the senders of mail. */
export function mailboxSmtpUrl(ports: Surroundings['ports']): string {
  return `smtp://${MAILBOX_HOST}:${ports.mailbox_smtp}`;
}

/** Starts the mailbox, unless `SMTP_URL` names a mail server. */
export async function startMailbox(assembly: Assembly, isStackStarting: () => boolean): Promise<Mailbox | null> {
  const { prepared, stopOrder, report, root, restarts } = assembly;
  if (!prepared.embedded.mailbox) return null;
  const service = createService({
    program: 'mailbox',
    name: 'mailbox',
    root,
    logDir: prepared.logDir,
    env: mailboxEnvironment(prepared, MAILBOX_HOST),
    url: urlAt(MAILBOX_HOST, prepared.ports.mailbox),
    metricsUrl: null,
    inspectorPort: null,
    report,
    isStackStarting,
    restarts,
  });
  stopOrder.add('mailbox', () => service.stop().finally(service.close));
  await reportStep(report, 'mailbox', service.startUntilReady(180_000), () => `ready on ${service.url}`);
  return Object.assign(service, { smtpUrl: mailboxSmtpUrl(prepared.ports) });
}
