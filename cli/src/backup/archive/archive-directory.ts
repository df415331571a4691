import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { ExpectedError } from '@shop/process';
import { syncDirectory } from '@shop/stack';
import { UnavailableError } from '../../command-line/failures.ts';
import { type Manifest, MANIFEST_FILE, parseManifest } from './manifest.ts';

const archiveName = /^shop-\d{8}T\d{9}Z$/;
const unfinishedName = /^\.shop-\d{8}T\d{9}Z\.(partial|deleted)$/;

/** After so long, nobody writes an unfinished archive any more. */
const ABANDONED_AFTER_MS = 24 * 3_600_000;

/** The name of an archive: the time at which it was begun. */
export const nameArchive = (at: Date): string => `shop-${at.toISOString().replace(/[-:.]/g, '')}`;

/**
 * Calls `write` with a hidden directory that becomes the archive `name` when it is complete. On an error the directory is removed.
 *
 * @returns the path of the archive.
 */
export async function createArchive(
  directory: string,
  name: string,
  write: (draft: string) => Promise<void>,
): Promise<string> {
  const [draft, archive] = [path.join(directory, `.${name}.partial`), path.join(directory, name)];
  await mkdir(directory, { recursive: true, mode: 0o700 }).catch(explain(directory, 'created'));
  await mkdir(draft, { mode: 0o700 }).catch(explain(draft, 'created'));
  try {
    await write(draft);
    await syncDirectory(draft);
    await rename(draft, archive);
    await syncDirectory(directory);
    return archive;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/** An archive whose manifest was read. Its seal is not compared yet. */
export interface FoundArchive {
  readonly path: string;
  readonly manifest: Manifest;
  readonly seal: string;
}

/** Lists the complete archives of a directory, the newest first. A directory that does not exist has none. */
export async function listArchives(directory: string): Promise<FoundArchive[]> {
  const names = await listArchiveNames(directory);
  return Promise.all(names.map((name) => readArchive(path.join(directory, name))));
}

/**
 * Finds an archive by its path, by its name in `directory`, or the newest one as `latest`.
 *
 * @throws ExpectedError when there is none, or when its manifest cannot be read.
 */
export async function findArchive(directory: string, which: string): Promise<FoundArchive> {
  if (which === 'latest') {
    const [newest] = await listArchiveNames(directory);
    if (newest !== undefined) return readArchive(path.join(directory, newest));
    throw new UnavailableError(
      `${path.resolve(directory)} has no backup. Name its directory with --directory or BACKUP_DIR.`,
    );
  }
  return readArchive(archiveName.test(which) ? path.join(directory, which) : which);
}

async function readArchive(archive: string): Promise<FoundArchive> {
  const file = path.join(archive, MANIFEST_FILE);
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new UnavailableError(`${archive} is no backup: its ${MANIFEST_FILE} cannot be read (${cause.code}).`, {
      cause,
    });
  });
  return { path: archive, ...parseManifest(text, file) };
}

/**
 * Deletes all archives but the newest `keep`, and what killed backups left behind. An archive disappears in one step.
 *
 * @returns the names of the deleted archives.
 */
export async function deleteOldArchives(directory: string, keep: number): Promise<string[]> {
  const old = (await listArchiveNames(directory)).slice(keep);
  for (const name of old) {
    const hidden = path.join(directory, `.${name}.deleted`);
    await rename(path.join(directory, name), hidden);
    await rm(hidden, { recursive: true, force: true });
  }
  for (const name of (await listNames(directory)).filter((each) => unfinishedName.test(each))) {
    const { mtimeMs } = await stat(path.join(directory, name));
    if (Date.now() - mtimeMs > ABANDONED_AFTER_MS)
      await rm(path.join(directory, name), { recursive: true, force: true });
  }
  return old;
}

/** The names of the complete archives, the newest first: a name is a time. */
async function listArchiveNames(directory: string): Promise<string[]> {
  const names = await listNames(directory);
  return names
    .filter((name) => archiveName.test(name))
    .sort()
    .reverse();
}

async function listNames(directory: string): Promise<string[]> {
  return readdir(directory).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw new UnavailableError(`${directory} cannot be read (${cause.code}).`, { cause });
  });
}

const explain = (subject: string, action: string) => (cause: NodeJS.ErrnoException) => {
  throw new ExpectedError(
    `${subject} cannot be ${action} (${cause.code}). Set BACKUP_DIR to a directory that you may write.`,
    {
      cause,
    },
  );
};
