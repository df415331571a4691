import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Api } from '../api/api.ts';
import { type ApiProduct, listProducts } from '../api/products.ts';
import type { Command } from '../arguments.ts';
import { Complaint } from '../complaint.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { textOfPages } from './write-pages.ts';

type ExportCommand = Extract<Command, { name: 'export' }>;

/** Writes the catalogue into a file, which appears when it is whole: one that is there stays until then. */
export async function runExport(command: ExportCommand, api: Api, terminal: Terminal): Promise<void> {
  let count = 0;
  async function* counted(): AsyncGenerator<readonly ApiProduct[]> {
    for await (const page of listProducts(api, command.includesOffSale)) {
      count += page.length;
      terminal.progress({ part: null, done: count, text: 'written' });
      yield page;
    }
  }
  const draft = `${command.file}.${process.pid}.part`;
  try {
    await pipeline(textOfPages(counted(), command.format, command.delimiter), createWriteStream(draft));
    await rename(draft, command.file);
  } catch (error) {
    await rm(draft, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : new Complaint(`${command.file} cannot be written (${code}).`);
  } finally {
    terminal.finish();
  }
  terminal.say(`${count} products are in ${command.file}.`);
}
