import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { ExpectedError } from '@shop/process';
import { ScriptScanner, type ScriptPart } from '../script/script-scanner.ts';
import { type ArchiveKeys, decrypt, encrypt } from './encryption.ts';
import type { ArchivedDatabase } from './manifest.ts';

/** The facts about a file that are known once it is written. */
export type WrittenFile = Pick<ArchivedDatabase, 'file' | 'tables' | 'scriptBytes' | 'fileBytes' | 'sha256'>;

/** Options of {@link writeDatabaseFile}. */
export interface WriteOptions {
  readonly directory: string;
  readonly service: string;
  readonly keys: ArchiveKeys | undefined;
  readonly script: AsyncIterable<Buffer>;
  /** Called with the bytes of the script so far. */
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** Writes a script into a file of an archive: compressed, then encrypted, readable by its owner only. It is on the disk afterwards. */
export async function writeDatabaseFile(options: WriteOptions): Promise<WrittenFile> {
  const { directory, service, keys, script, onBytes, signal } = options;
  const file = `${service}.sql.gz${keys === undefined ? '' : '.enc'}`;
  const scanner = new ScriptScanner();
  const tables: Record<string, number> = {};
  const hash = createHash('sha256');
  let [scriptBytes, fileBytes] = [0, 0];
  const note = (parts: Iterable<ScriptPart>) => {
    for (const part of parts) if (part.kind === 'end') tables[part.table] = (tables[part.table] ?? 0) + part.rows;
  };
  await pipeline(
    script,
    async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        note(scanner.push(chunk));
        onBytes((scriptBytes += chunk.length));
        yield chunk;
      }
      note(scanner.end());
    },
    createGzip(),
    (source: AsyncIterable<Buffer>) => (keys === undefined ? source : encrypt(keys.fileKey(file), source)),
    async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        hash.update(chunk);
        fileBytes += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(path.join(directory, file), { flags: 'wx', mode: 0o600 }),
    { signal },
  );
  const written = await open(path.join(directory, file), 'r');
  await written.sync().finally(() => written.close());
  return { file, tables, scriptBytes, fileBytes, sha256: hash.digest('hex') };
}

/** Options of {@link readDatabaseFile}. */
export interface ReadOptions {
  readonly archive: string;
  readonly database: ArchivedDatabase;
  readonly keys: ArchiveKeys | undefined;
  /** Called for each part of the script. The next one is read when it is done. */
  readonly onPart: (part: ScriptPart) => Promise<void> | void;
  /** Called with the bytes of the script so far. */
  readonly onBytes?: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Reads the script of a database from an archive, and compares it with the manifest: its hash and the rows of each table. What `onPart`
 * did counts only when this returns.
 *
 * @throws ExpectedError when the file is missing, damaged or not the one of the manifest; what `onPart` throws.
 */
export async function readDatabaseFile(options: ReadOptions): Promise<void> {
  const { archive, database, keys, onPart, onBytes = () => {}, signal } = options;
  const file = path.join(archive, database.file);
  const scanner = new ScriptScanner();
  const hash = createHash('sha256');
  const tables: Record<string, number> = {};
  let bytes = 0;
  let failure: unknown;
  const pass = async (parts: Iterable<ScriptPart>) => {
    for (const part of parts) {
      if (part.kind === 'end') tables[part.table] = (tables[part.table] ?? 0) + part.rows;
      await Promise.resolve(onPart(part)).catch((error: unknown) => {
        failure = error;
        throw error;
      });
    }
  };
  try {
    await pipeline(
      createReadStream(file),
      async function* (source: AsyncIterable<Buffer>) {
        for await (const chunk of source) {
          hash.update(chunk);
          yield chunk;
        }
      },
      (source: AsyncIterable<Buffer>) => (keys === undefined ? source : decrypt(keys.fileKey(database.file), source)),
      createGunzip(),
      async function (source: AsyncIterable<Buffer>) {
        for await (const chunk of source) {
          await pass(scanner.push(chunk));
          onBytes((bytes += chunk.length));
        }
        await pass(scanner.end());
      },
      { signal },
    );
  } catch (error) {
    if (error === failure || signal.aborted) throw error;
    throw describeDamage(file, error);
  }
  if (hash.digest('hex') !== database.sha256)
    throw describeDamage(file, new Error('its checksum is not the one of the manifest'));
  const wrong = Object.keys({ ...database.tables, ...tables }).find(
    (table) => tables[table] !== database.tables[table],
  );
  if (wrong !== undefined)
    throw describeDamage(
      file,
      new Error(`it has ${tables[wrong] ?? 0} rows of ${wrong}, and the manifest says ${database.tables[wrong] ?? 0}`),
    );
}

function describeDamage(file: string, error: unknown): ExpectedError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason =
    code === 'ENOENT'
      ? 'the file is missing'
      : code?.startsWith('Z_') === true
        ? `it was changed or cut off (${message})`
        : message;
  return new ExpectedError(`${file} is damaged: ${reason}. Use another backup.`, { cause: (error as Error).message });
}
