import { MailDeferred, MailRefused, MailUncertain } from './mail-errors.ts';

/** The members of nodemailer's errors that say where a message failed. */
interface SmtpFailure {
  readonly message: string;
  /** ECONNECTION, ETIMEDOUT, ESOCKET, EDNS, ETLS, EAUTH, EENVELOPE, EMESSAGE, … */
  readonly code?: string;
  readonly responseCode?: number;
  /** The command that the server refused; `API` when nothing was sent. */
  readonly command?: string;
}

/** Replies about the credentials. They say nothing about the message: it goes out once the operator has corrected them. */
const credentialReplies = new Set([530, 534, 535, 538]);

/** Replies to these commands are about the message. Others, such as the greeting, are about the server. */
const messageCommands = new Set(['MAIL FROM', 'RCPT TO', 'DATA']);

/**
 * Turns an error of nodemailer into one of ours.
 *
 * @param hasBegun - True when the server had asked for the message's content and some was sent.
 */
export function classify(error: unknown, hasBegun: boolean): Error {
  if (!(error instanceof Error)) return new MailDeferred(String(error), null);
  // A wrong call is a bug, and no fault of the server.
  if (error instanceof RangeError || error instanceof TypeError) return error;
  const { message, code, responseCode, command = '' } = error as SmtpFailure;
  const cause = { cause: error };
  if (responseCode !== undefined) {
    const isPermanent = responseCode >= 500 && messageCommands.has(command) && !credentialReplies.has(responseCode);
    return isPermanent ? new MailRefused(message, responseCode, cause) : new MailDeferred(message, responseCode, cause);
  }
  if (hasBegun) return new MailUncertain(`${message}. The server may have accepted the message.`, null, cause);
  // An address that cannot be written to the server, or a message above the size that it announced.
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return new MailRefused(message, null, cause);
  return new MailDeferred(message, null, cause);
}
