/** A message that was not sent. `code` is the server's reply, such as 550; null when it gave none. */
abstract class MailError extends Error {
  readonly code: number | null;

  constructor(message: string, code: number | null, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The server refuses the message for good. Sending it again would fail again. */
export class MailRefused extends MailError {
  override name = 'MailRefused';
}

/** The message was not accepted now: the server is away, busy or asks to come back. It can be sent again. */
export class MailDeferred extends MailError {
  override name = 'MailDeferred';
}

/** The server had begun to receive the message and did not answer: it may have accepted it. Sent again, it might arrive twice. */
export class MailUncertain extends MailError {
  override name = 'MailUncertain';
}
