import { setTimeout as pause } from 'node:timers/promises';
import { SpanKind } from '@opentelemetry/api';
import { MailDeferred, MailUncertain, type TemplateName } from '@shop/mail';
import { isTransientDatabaseError, readTrace, RequestFailed } from '@shop/messaging';
import { runInSpan } from '@shop/process';
import { type ClaimedMessage, markFailed, markSuppressed, postpone, RENEW_EVERY_MS, renewClaim } from '../db/queue.ts';
import { describeFailure, removeSecrets } from '../domain/describe-failure.ts';
import { createLink } from '../domain/links.ts';
import type { MessageContent } from '../domain/message.ts';
import type { Lane } from '../domain/notification.ts';
import { channelsOf } from '../domain/preferences.ts';
import { planRetry } from '../domain/retry.ts';
import type { RecipientAnswer } from '../events/ask.ts';
import { chooseLocale, compose, ContentMissing, findContent } from '../sending/compose.ts';
import { createUnsubscribeToken } from '../sending/unsubscribe-token.ts';
import type { Dependencies } from './dependencies.ts';

export type SendDependencies = Pick<
  Dependencies,
  'database' | 'shared' | 'questions' | 'mail' | 'sms' | 'retries' | 'linkBase' | 'mailDomain' | 'shop' | 'logger'
>;

/** `waiting`: another service does not answer, so that other messages cannot be sent either. */
export type SendOutcome = 'sent' | 'suppressed' | 'failed' | 'deferred' | 'waiting' | 'lost';

/** The pause after a question that was not answered. It is no attempt to send. */
const ASK_AGAIN_MS = 5_000;

const UNCERTAIN =
  'The message was handed over, and its outcome is not known: it may have been sent. It is not sent again by itself.';

/**
 * Sends one claimed message, and records its outcome. Its recipient, address, link and wishes are those of this moment.
 *
 * The message is marked before it is handed over. A message that has the mark and no outcome, because the process died or the connection
 * broke, may have been sent: it fails, and is never sent twice.
 */
export function sendMessage(dependencies: SendDependencies, lane: Lane, message: ClaimedMessage): Promise<SendOutcome> {
  const { template, channel, traceparent } = message;
  const attributes = {
    'shop.message.id': message.id,
    'shop.message.template': template,
    'shop.message.channel': channel,
  };
  // The trace goes on from the event, and not from the job that found the message.
  const parent = readTrace(traceparent === null ? {} : { traceparent });
  return runInSpan(`send ${template}`, { parent, attributes }, async (span) => {
    const outcome = await sendClaimed(dependencies, lane, message);
    span?.setAttribute('shop.message.outcome', outcome);
    return outcome;
  });
}

async function sendClaimed(dependencies: SendDependencies, lane: Lane, message: ClaimedMessage): Promise<SendOutcome> {
  const { client } = dependencies.database;
  if (message.handedOverAt !== null) {
    await markFailed(client, message, UNCERTAIN);
    return 'failed';
  }
  try {
    return await trySending(dependencies, lane, message);
  } catch (error) {
    if (error instanceof RequestFailed) {
      const reason = `Another service did not answer: ${error.reason}.`;
      await postpone(client, message, { error: reason, pauseMs: ASK_AGAIN_MS });
      return 'waiting';
    }
    // The message cannot be written. Nothing was handed over.
    if (error instanceof ContentMissing || error instanceof RangeError) {
      await markFailed(client, message, describeFailure(error.message));
      return 'failed';
    }
    throw error;
  }
}

async function trySending(dependencies: SendDependencies, lane: Lane, message: ClaimedMessage): Promise<SendOutcome> {
  const { database, shared, questions, shop, linkBase } = dependencies;
  const { client } = database;
  const suppress = async (reason: string): Promise<SendOutcome> => {
    await markSuppressed(client, message, reason);
    return 'suppressed';
  };

  const { template, topic, channel, orderId } = message;
  const content = message.content ?? {};
  const { order, product } = await findContent(questions, { orderId, recipientId: message.recipientId, content });
  const recipientId = message.recipientId ?? order?.customerId ?? null;
  if (recipientId === null) return suppress('The account was deleted.');

  const preferences = await shared.loadPreferences(recipientId);
  if (!channelsOf(preferences, topic).includes(channel)) return suppress('The user has turned the topic off.');

  const answer = await questions.findRecipient({ userId: recipientId, ...pickQuestion(content) });
  if (answer.recipient === null) return suppress('The account or the request does not exist any more.');
  const { recipient } = answer;
  const to = channel === 'EMAIL' ? recipient.email : recipient.phone;
  if (to === null || to === '') return suppress('The account has no address for the channel.');

  const unsubscribe = topic === 'ACCOUNT' || channel === 'SMS' ? null : createUnsubscribeToken(message.id);
  const unsubscribeUrl = unsubscribe && createLink(linkBase, 'UNSUBSCRIBE', unsubscribe.token);
  const locale = chooseLocale(preferences.locale, content.locale);
  const link = readLink(answer, linkBase);
  const surroundings = { name: recipient.name, link, unsubscribeUrl, order, product, shop };
  const written = compose(template as TemplateName, locale, content, surroundings);
  const subject = removeSecrets(written.subject);

  const { id, claimId } = message;
  const handOver = { id, claimId, recipientId, subject, unsubscribeSecretHash: unsubscribe?.secretHash ?? null };
  if (!(await shared.markHandedOver(handOver))) return 'lost';
  return deliver(dependencies, { ...message, attempts: message.attempts + 1 }, () =>
    channel === 'SMS'
      ? dependencies.sms.send({ id: message.id, to, text: subject })
      : dependencies.mail[lane].send({
          ...written,
          to,
          messageId: `<${message.id}@${dependencies.mailDomain}>`,
          headers: createHeaders(unsubscribeUrl),
        }),
  );
}

/** Hands a message over, and records the outcome. */
async function deliver(
  { database: { client }, shared, retries, logger }: SendDependencies,
  message: ClaimedMessage,
  send: () => Promise<void>,
): Promise<SendOutcome> {
  try {
    const { channel } = message;
    await whileRenewing(
      () => renewClaim(client, message),
      () => shared.deliver(() => runInSpan(`deliver ${channel}`, { kind: SpanKind.CLIENT }, send)),
    );
  } catch (error) {
    const { id: notificationId, template, attempts } = message;
    const reason = describeFailure(error instanceof Error ? error.message : String(error));
    // An error that the transport does not know may have come after the message: so it is not sent again either.
    const pauseMs = error instanceof MailDeferred ? planRetry(attempts, retries, Math.random()) : null;
    if (pauseMs !== null) {
      await untilRecorded(() => postpone(client, message, { error: reason, pauseMs }));
      return 'deferred';
    }
    logger.warn({ notificationId, template, attempts, reason }, 'a message could not be sent');
    const text = error instanceof MailUncertain ? `${UNCERTAIN} ${reason}` : reason;
    await untilRecorded(() => markFailed(client, message, text));
    return 'failed';
  }
  await untilRecorded(() => shared.markSent(message.id));
  return 'sent';
}

/** Renews a claim at intervals. When that fails, the claim ends, and the outcome is still recorded. */
async function whileRenewing(renew: () => Promise<void>, work: () => Promise<void>): Promise<void> {
  const timer = setInterval(() => void renew().catch(() => {}), RENEW_EVERY_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
}

const RECORD_AGAIN_MS = 500;
const RECORD_TRIES = 60;

/** Records an outcome, also when the database is away for some seconds: without it, a message that was sent looks uncertain. */
async function untilRecorded(record: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await record();
    } catch (error) {
      if (!isTransientDatabaseError(error) || tries === RECORD_TRIES) throw error;
      await pause(RECORD_AGAIN_MS);
    }
  }
}

function pickQuestion({ requestId, changeId, at }: MessageContent) {
  return {
    ...(requestId === undefined ? {} : { requestId }),
    ...(changeId === undefined ? {} : { changeId }),
    ...(at === undefined ? {} : { at }),
  };
}

function readLink({ link }: RecipientAnswer, linkBase: string) {
  return link && { url: createLink(linkBase, link.kind, link.token), expiresAt: link.expiresAt };
}

/** Mail programs offer their own button to unsubscribe (RFC 2369 and RFC 8058), and no program answers automatic mail (RFC 3834). */
function createHeaders(unsubscribeUrl: string | null): Record<string, string> {
  return {
    'Auto-Submitted': 'auto-generated',
    ...(unsubscribeUrl === null
      ? {}
      : {
          'List-Unsubscribe': `<${unsubscribeUrl}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        }),
  };
}
