import { createReadStream } from 'node:fs';
import { ExpectedError } from '@shop/process';
import { UnavailableError } from '../../command-line/failures.ts';

/** Reads the text of a file in pieces, without a byte order mark. */
export async function* readText(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes?: Uint8Array) => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      throw new ExpectedError(`${file} is not UTF-8 text: save it in that encoding.`);
    }
  };
  try {
    for await (const bytes of createReadStream(file) as AsyncIterable<Buffer>) {
      yield decode(bytes);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const message = code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read (${code}).`;
    throw new UnavailableError(message, { cause: error });
  }
  yield decode();
}
