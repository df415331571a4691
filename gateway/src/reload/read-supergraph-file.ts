import { readFile } from 'node:fs/promises';
import { ExpectedError } from '@shop/process';
import { readSupergraph, type Supergraph } from '../supergraph/index.ts';

/**
 * Reads the supergraph for the start.
 *
 * @throws ExpectedError that names the file, when it cannot be read or has no supergraph
 */
export async function readSupergraphFile(file: string): Promise<Supergraph> {
  const sdl = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new ExpectedError(`${file} cannot be read (${cause.code}). Set SUPERGRAPH_FILE to a composed supergraph.`);
  });
  try {
    return readSupergraph(sdl);
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new ExpectedError(
      `The supergraph in ${file} cannot be served: ${reason}. Correct it, or set SUPERGRAPH_FILE.`,
    );
  }
}
