import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UnavailableError } from '../command-line/failures.ts';
import type { Target } from '../databases/targets.ts';
import { createArchive, nameArchive } from './archive/archive-directory.ts';
import { writeDatabaseFile } from './archive/database-file.ts';
import { ArchiveKeys, encryptionScheme } from './archive/encryption.ts';
import {
  ARCHIVE_FORMAT,
  type ArchivedDatabase,
  formatManifest,
  type Manifest,
  MANIFEST_FILE,
} from './archive/manifest.ts';
import { writeCopyScript } from './database/copy-script.ts';
import { findPgDump, writePgDump } from './database/pg-dump.ts';
import { inOrderOfMoments } from './database/order-of-moments.ts';
import { type DatabaseSnapshot, openSnapshots } from './database/snapshot.ts';

/** The form of the scripts: `auto` takes pg_dump where it is found. */
export type BackupForm = 'auto' | ArchivedDatabase['form'];

/** Options of {@link makeBackup}. */
export interface BackupOptions {
  readonly targets: readonly Target[];
  /** The root of the project, with `prisma` and `package.json`. */
  readonly root: string;
  readonly directory: string;
  readonly key: Buffer | undefined;
  readonly form: BackupForm;
  /** Directories in which pg_dump is searched, as in `PATH`. */
  readonly searchPath: string;
  readonly onProgress: (part: number, text: string) => void;
  readonly signal: AbortSignal;
}

/** A complete archive. */
export interface Backup {
  readonly path: string;
  readonly manifest: Manifest;
}

/**
 * Writes an archive of databases. All snapshots are taken first, within moments of each other, and then read one after the other. The
 * databases keep working meanwhile.
 *
 * @throws ExpectedError when a database cannot be read or the archive cannot be written. Then there is no archive.
 */
export async function makeBackup(options: BackupOptions): Promise<Backup> {
  const { targets, directory, key } = options;
  const taken = await openSnapshots(inOrderOfMoments(targets));
  const snapshots = targets.flatMap((target) => taken.filter((snapshot) => snapshot.target === target));
  try {
    const createdAt = new Date();
    const salt = randomBytes(encryptionScheme.saltBytes);
    const keys = key === undefined ? undefined : new ArchiveKeys(key, salt);
    let manifest: Manifest | undefined;
    const archive = await createArchive(directory, nameArchive(createdAt), async (draft) => {
      manifest = {
        format: ARCHIVE_FORMAT,
        release: await readRelease(options.root),
        createdAt: createdAt.toISOString(),
        compression: 'gzip',
        encryption:
          keys === undefined
            ? null
            : { scheme: encryptionScheme.name, salt: salt.toString('base64url'), keyId: keys.id },
        databases: await writeDatabases(options, snapshots, draft, keys),
      };
      await writeFile(path.join(draft, MANIFEST_FILE), formatManifest(manifest, keys), { mode: 0o600, flush: true });
    });
    return { path: archive, manifest: manifest as unknown as Manifest };
  } finally {
    await Promise.all(snapshots.map((snapshot) => snapshot.close()));
  }
}

async function writeDatabases(
  options: BackupOptions,
  snapshots: readonly DatabaseSnapshot[],
  directory: string,
  keys: ArchiveKeys | undefined,
): Promise<ArchivedDatabase[]> {
  const { signal, onProgress } = options;
  const total = snapshots.reduce((sum, { tableBytes }) => sum + tableBytes, 0);
  const databases: ArchivedDatabase[] = [];
  let before = 0;
  for (const snapshot of snapshots) {
    const { target, tableBytes } = snapshot;
    const { form, script } = await openScript(options, snapshot);
    const written = await writeDatabaseFile({
      directory,
      service: target.name,
      keys,
      script,
      signal,
      onBytes: (bytes) => onProgress((before + Math.min(bytes, tableBytes)) / total, target.name),
    });
    before += tableBytes;
    await snapshot.close(); // vacuum may remove rows again
    databases.push({
      service: target.name,
      form,
      snapshotAt: snapshot.takenAt.toISOString(),
      lsn: snapshot.lsn,
      serverVersion: snapshot.serverVersion,
      migrations: [...snapshot.migrations],
      ...written,
    });
  }
  return databases;
}

async function openScript(
  { form, root, searchPath }: BackupOptions,
  snapshot: DatabaseSnapshot,
): Promise<{ readonly form: ArchivedDatabase['form']; readonly script: AsyncIterable<Buffer> }> {
  const { serverVersion, target } = snapshot;
  const program = form === 'copy' ? undefined : await findPgDump(serverVersion, searchPath);
  if (program !== undefined) return { form: 'pg_dump', script: writePgDump(program, snapshot) };
  if (form === 'pg_dump')
    throw new UnavailableError(
      `The database of ${target.name} is on PostgreSQL ${serverVersion}, and no pg_dump of that version was found. ` +
        'Install the client programs of that version, or leave out --form.',
    );
  return { form: 'copy', script: writeCopyScript(snapshot, path.join(root, 'prisma', target.name, 'migrations')) };
}

async function readRelease(root: string): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}
