import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts e-mails that are kept for a short time. A copy of the database alone does not tell them. */
export interface AddressSealer {
  /** @param owner what the e-mail belongs to. It opens with the same text only, so that rows cannot be exchanged. */
  seal(email: string, owner: string): Uint8Array<ArrayBuffer>;
  /** Returns null when it was sealed with another key or for another owner, or was changed. */
  open(sealed: Uint8Array, owner: string): string | null;
}

/** Creates a sealer with AES-256-GCM. @param key 32 bytes */
export function createAddressSealer(key: Uint8Array): AddressSealer {
  return {
    seal(email, owner) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(owner));
      const text = Buffer.concat([cipher.update(email, 'utf8'), cipher.final()]);
      return new Uint8Array(Buffer.concat([nonce, text, cipher.getAuthTag()]));
    },
    open(sealed, owner) {
      const bytes = Buffer.from(sealed);
      if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(owner))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch {
        return null;
      }
    },
  };
}
