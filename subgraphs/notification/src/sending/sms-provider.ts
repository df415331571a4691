import type { Logger } from '@shop/process';

/** A short text to a phone. */
export interface TextMessage {
  /** The id of the notification: the same for each attempt. */
  readonly id: string;
  readonly to: string;
  readonly text: string;
}

/** A company that delivers text messages. */
export interface SmsProvider {
  /** Hands a text over. Throws the errors of `@shop/mail`: refused for good, deferred, or uncertain. */
  send(message: TextMessage): Promise<void>;
}

/** Delivers nothing, and only logs that a text would have been sent: neither its number nor its words. */
export function createLoggingSms(logger: Pick<Logger, 'info'>): SmsProvider {
  return {
    send({ id, text }) {
      logger.info(
        { notificationId: id, characters: text.length },
        'a text message is not delivered: no provider is set up',
      );
      return Promise.resolve();
    },
  };
}
