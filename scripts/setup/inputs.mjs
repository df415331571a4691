import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const SKIPPED = new Set(['node_modules', 'dist', 'test', '.data', '.cache', '.git']);

/**
 * A hash over the contents of files, and of those below directories, that `accepts` picks. Contents, not times: a checkout of
 * another branch changes times without changing files.
 */
export async function hashOf(root, places, accepts = () => true) {
  const files = (await Promise.all(places.map((place) => filesBelow(path.join(root, place)))))
    .flat()
    .filter(accepts)
    .sort();
  const contents = await Promise.all(files.map((file) => readFile(file).catch(() => Buffer.alloc(0))));
  const hash = createHash('sha256');
  files.forEach((file, index) =>
    hash.update(`${path.relative(root, file)}\0${contents[index].length}\0`).update(contents[index]),
  );
  return hash.digest('hex');
}

async function filesBelow(place) {
  const entries = await readdir(place, { withFileTypes: true }).catch(() => null);
  if (entries === null) return [place]; // a file, or nothing
  const below = entries
    .filter((entry) => !SKIPPED.has(entry.name))
    .map((entry) => (entry.isDirectory() ? filesBelow(path.join(place, entry.name)) : [path.join(place, entry.name)]));
  return (await Promise.all(below)).flat();
}

/** What a step was last done for, kept in `.cache/setup`. */
export function stampOf(root, step) {
  const file = path.join(root, '.cache', 'setup', step);
  return {
    read: () => readFile(file, 'utf8').catch(() => ''),
    async write(hash) {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, hash);
    },
  };
}
