import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, type Hmac, type Hash } from 'node:crypto';
import { ExpectedError } from '@shop/process';

const ALGORITHM = 'aes-256-gcm';
const CHUNK_BYTES = 64 * 1024;
const TAG_BYTES = 16;
const SALT_BYTES = 32;
const KEY_BYTES = 32;

/** How the files of an archive are encrypted. A key encrypts many archives, and each has a salt of its own. */
export const encryptionScheme = { name: 'aes-256-gcm-64k', saltBytes: SALT_BYTES } as const;

/** The keys of one archive, derived from the key of the configuration. No two files share a key. */
export class ArchiveKeys {
  readonly #key: Buffer;
  readonly #salt: Buffer;

  constructor(key: Buffer, salt: Buffer) {
    this.#key = key;
    this.#salt = salt;
  }

  /** Tells keys apart without revealing them. */
  get id(): string {
    return this.#derive('id').toString('hex').slice(0, 16);
  }

  /** The hash of a manifest that only somebody with the key can make. */
  seal(): Hmac {
    return createHmac('sha256', this.#derive('manifest'));
  }

  fileKey(name: string): Buffer {
    return this.#derive(`file ${name}`);
  }

  #derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#key, this.#salt, `shop backup ${purpose}`, KEY_BYTES));
  }
}

/** The hash of a manifest that is not encrypted: it reveals damage, not intent. */
export const plainSeal = (): Hash => createHash('sha256');

/**
 * Encrypts a stream in chunks of 64 KiB, each with a tag. The nonce is the chunk's number and a mark of the last one, so that chunks
 * cannot be changed, moved, repeated or cut off. The key must be used for one stream only.
 */
export async function* encrypt(key: Buffer, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let number = 0;
  for await (const { chunk, isLast } of cutIntoChunks(source, CHUNK_BYTES)) {
    const cipher = createCipheriv(ALGORITHM, key, nonceOf(number, isLast));
    yield Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
    number += 1;
  }
}

/**
 * Reverses {@link encrypt}. It passes on no byte that is not authentic.
 *
 * @throws ExpectedError when the stream was changed or cut off.
 */
export async function* decrypt(key: Buffer, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let number = 0;
  for await (const { chunk, isLast } of cutIntoChunks(source, CHUNK_BYTES + TAG_BYTES)) {
    const decipher = createDecipheriv(ALGORITHM, key, nonceOf(number, isLast));
    yield openChunk(decipher, chunk);
    number += 1;
  }
}

function openChunk(decipher: ReturnType<typeof createDecipheriv>, chunk: Buffer): Buffer {
  const end = chunk.length - TAG_BYTES;
  try {
    (decipher as { setAuthTag(tag: Buffer): void } & typeof decipher).setAuthTag(chunk.subarray(Math.max(0, end)));
    return Buffer.concat([decipher.update(chunk.subarray(0, Math.max(0, end))), decipher.final()]);
  } catch (cause) {
    throw new ExpectedError('it was changed or cut off', { cause: (cause as Error).message });
  }
}

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(number), 3);
  nonce.writeUInt8(isLast ? 1 : 0, 11);
  return nonce;
}

/** Chunks of one size; only the last one may be smaller, and there is at least one. */
async function* cutIntoChunks(
  source: AsyncIterable<Buffer>,
  size: number,
): AsyncGenerator<{ readonly chunk: Buffer; readonly isLast: boolean }> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const part of source) {
    parts.push(part);
    length += part.length;
    // One byte more must be there, or this chunk is the last one.
    if (length <= size) continue;
    let rest = Buffer.concat(parts);
    for (; rest.length > size; rest = rest.subarray(size)) yield { chunk: rest.subarray(0, size), isLast: false };
    parts = [rest];
    length = rest.length;
  }
  yield { chunk: Buffer.concat(parts), isLast: true };
}
