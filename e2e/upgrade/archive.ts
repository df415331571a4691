import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import { createTar, parseTar, type TarFileItem } from 'nanotar';

/**
 * A data directory has five PostgreSQL databases that are nearly equal. A window of 128 MiB lets the compressor find the
 * same page in another database, and makes the archive a third smaller than the usual 16 MiB.
 */
const WINDOW_BITS = 27;

/** Files that each start creates again, and that no test reads. */
const LEFT_OUT = new Set(['logs', 'stack.lock']);

/** Packs a data directory whose stack is stopped. Modes and empty directories are kept, owners and times are not. */
export async function packDataDir(dataDir: string): Promise<Buffer> {
  const names = (await readdir(dataDir)).filter((name) => !LEFT_OUT.has(name)).sort();
  const items = await Promise.all(names.map((name) => collectItems(dataDir, name)));
  const tar = createTar(items.flat(), { attrs: { uid: 0, gid: 0, mtime: 0 } });
  return promisify(brotliCompress)(tar, {
    params: {
      [constants.BROTLI_PARAM_LARGE_WINDOW]: 1,
      [constants.BROTLI_PARAM_LGWIN]: WINDOW_BITS,
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: tar.length,
    },
  });
}

/** Unpacks an archive into a new directory. The files belong to the current user. */
export async function unpackDataDir(archive: Buffer, dataDir: string): Promise<void> {
  const tar = await promisify(brotliDecompress)(archive, {
    params: { [constants.BROTLI_DECODER_PARAM_LARGE_WINDOW]: 1 },
  });
  await mkdir(dataDir, { recursive: true });
  const modes: [file: string, mode: number][] = [];
  for (const { name, type, data, attrs } of parseTar(tar)) {
    const file = path.join(dataDir, name);
    if (type === 'directory') await mkdir(file, { recursive: true });
    else await writeFile(file, data ?? '');
    modes.push([file, Number.parseInt(attrs?.mode ?? '', 8)]);
  }
  // Last, since some directories have modes that allow no new files.
  for (const [file, mode] of modes) await chmod(file, mode);
}

/** Lists a directory before its contents, by name, so that the same directory always gives the same archive. */
async function collectItems(root: string, name: string): Promise<TarFileItem[]> {
  const file = path.join(root, name);
  const stats = await stat(file);
  const attrs = { mode: (stats.mode & 0o777).toString(8) };
  if (!stats.isDirectory()) return [{ name, data: await readFile(file), attrs }];
  const children = await Promise.all(
    (await readdir(file)).sort().map((child) => collectItems(root, `${name}/${child}`)),
  );
  return [{ name: `${name}/`, attrs }, ...children.flat()];
}
