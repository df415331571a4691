import { createHash, randomBytes } from 'node:crypto';

/** A token as it was read. It names the message that it came with. Tokens of the releases before do not: they are a secret alone. */
export interface UnsubscribeToken {
  readonly messageId: string | null;
  /** The database has the hash of the secret. The secret itself is in the message alone. */
  readonly secretHash: string;
}

/** Makes the token by which the recipient of a message turns its topic off: `<id of the message>.<secret>`. */
export function createUnsubscribeToken(messageId: string): { readonly token: string; readonly secretHash: string } {
  const secret = randomBytes(32).toString('base64url');
  return { token: `${messageId}.${secret}`, secretHash: hash(secret) };
}

/** Reads a token as a link has it. */
export function readUnsubscribeToken(token: string): UnsubscribeToken {
  const [, messageId = null, secret = token] = /^([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\.(.*)$/.exec(token) ?? [];
  return { messageId, secretHash: hash(secret) };
}

const hash = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
