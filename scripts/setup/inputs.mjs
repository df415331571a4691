// @ts-check
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const skippedFolders = new Set(['node_modules', 'dist', 'test', 'generated', '.data', '.cache', '.git']);

/**
 * Hashes the contents of files, and of all files below folders. Times do not count, because a checkout of another
 * branch changes times without changing files. A missing file counts as an empty one.
 *
 * @param {string} root
 * @param {readonly string[]} places files and folders, relative to the root
 * @param {(file: string) => boolean} accepts picks the files that count, by absolute path
 */
export async function hashFiles(root, places, accepts = () => true) {
  const listed = await Promise.all(places.map((place) => listFiles(path.join(root, place))));
  const files = [...new Set(listed.flat())].filter(accepts).sort();
  const hash = createHash('sha256');
  const contents = await Promise.all(files.map((file) => readFile(file).catch(() => Buffer.alloc(0))));
  for (const [index, content] of contents.entries())
    hash.update(`${path.relative(root, files[index] ?? '')}\0${content.length}\0`).update(content);
  return hash.digest('hex');
}

/** @type {(place: string) => Promise<string[]>} */
async function listFiles(place) {
  const entries = await readdir(place, { withFileTypes: true }).catch(() => null);
  if (entries === null) return [place]; // a file, or nothing
  const below = entries
    .filter((entry) => !skippedFolders.has(entry.name))
    .map((entry) => (entry.isDirectory() ? listFiles(path.join(place, entry.name)) : [path.join(place, entry.name)]));
  return (await Promise.all(below)).flat();
}

/**
 * Opens the stamp of a step: the hash of the inputs at its last run. It is kept in `.cache/setup`.
 *
 * @param {string} root
 * @param {string} step
 */
export function openStamp(root, step) {
  const file = path.join(root, '.cache', 'setup', step.replaceAll(' ', '-'));
  return {
    read: () => readFile(file, 'utf8').catch(() => ''),
    /** @param {string} hash */
    async write(hash) {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, hash);
    },
  };
}
