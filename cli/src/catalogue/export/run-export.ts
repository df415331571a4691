import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { UnavailableError } from '../../command-line/failures.ts';
import type { Terminal } from '../../command-line/terminal.ts';
import type { CatalogueApi, CatalogueProduct } from '../api/open-api.ts';
import type { CatalogueFile } from '../files/format.ts';
import { formatPages } from './format-pages.ts';

/**
 * Writes the catalogue into a file. An existing file is replaced only when the new one is complete.
 *
 * @returns the number of products in the file
 */
export async function runExport(
  file: CatalogueFile,
  includesOffSale: boolean,
  api: CatalogueApi,
  terminal: Terminal,
): Promise<number> {
  let count = 0;
  async function* countProducts(): AsyncGenerator<readonly CatalogueProduct[]> {
    for await (const page of api.listProducts(includesOffSale)) {
      count += page.length;
      terminal.progress({ part: null, text: `${count} products written` });
      yield page;
    }
  }
  const draft = `${file.path}.${process.pid}.part`;
  try {
    await pipeline(formatPages(countProducts(), file), createWriteStream(draft));
    await rename(draft, file.path);
  } catch (error) {
    await rm(draft, { force: true });
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new UnavailableError(`${file.path} cannot be written (${code}).`, { cause: error });
  } finally {
    terminal.finish();
  }
  return count;
}
