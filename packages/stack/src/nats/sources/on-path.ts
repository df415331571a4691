import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { inspectBinary, isSuitable, type NatsBinary } from '../version.ts';
import type { NatsSource } from './source.ts';

/**
 * A nats-server in a directory of the search path.
 *
 * @param searchPath - The value of `PATH`. `/usr/sbin` is searched as well: Debian puts the server there, where only root looks.
 * @param accept - `suitable`: only one that keeps events safe; `any`: the last resort.
 */
export function binaryOnPath(searchPath: string, accept: 'suitable' | 'any'): NatsSource {
  return {
    name: accept === 'suitable' ? 'nats-server on the PATH' : 'an old nats-server on the PATH',
    async find() {
      for (const path of await candidates(searchPath)) {
        const binary: NatsBinary | null = await inspectBinary(path);
        if (binary !== null && (accept === 'any' || isSuitable(binary.version))) return binary;
      }
      return null;
    },
  };
}

async function candidates(searchPath: string): Promise<string[]> {
  const directories = new Set(
    [...searchPath.split(delimiter), '/usr/local/sbin', '/usr/sbin'].filter((directory) => directory !== ''),
  );
  const paths = [...directories].map((directory) => join(directory, 'nats-server'));
  const runnable = await Promise.all(
    paths.map((path) =>
      access(path, constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.filter((_, index) => runnable[index]);
}
