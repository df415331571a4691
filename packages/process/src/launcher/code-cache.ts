import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const HASH = 'sha256';
const HASH_BYTES = 32;

const findFile = (bundle: string): string => `${bundle}.cache`;

/**
 * The compiled code of a bundle, or undefined when there is none. V8 itself compares only the length of the source, and believes what a
 * damaged cache says. So the file begins with a hash of the bundle and of the code.
 */
export function readCodeCache(bundle: string, source: Buffer): Buffer | undefined {
  let file: Buffer;
  try {
    file = readFileSync(findFile(bundle));
  } catch {
    return undefined;
  }
  const code = file.subarray(HASH_BYTES);
  return file.subarray(0, HASH_BYTES).equals(hash(source, code)) ? code : undefined;
}

/** Replaces the cache of a bundle at once, so that a process that starts now reads the former one or this one. */
export function writeCodeCache(bundle: string, source: Buffer, code: Buffer): void {
  const unfinished = `${findFile(bundle)}.${process.pid}`;
  writeFileSync(unfinished, Buffer.concat([hash(source, code), code]));
  renameSync(unfinished, findFile(bundle));
}

const hash = (source: Buffer, code: Buffer): Buffer => createHash(HASH).update(source).update(code).digest();
