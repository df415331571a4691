import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { ExpectedError } from '@shop/process';
import { inspectBinary, isSuitable, type NatsBinary, type NatsSource } from '../version.ts';

/** The program that `NATS_SERVER_BIN` names. An unusable one is an error: another must not be used instead. */
export function givenBinary(path: string): NatsSource {
  return {
    name: 'NATS_SERVER_BIN',
    async find() {
      const binary = await inspectBinary(path);
      if (binary === null)
        throw new ExpectedError(
          `NATS_SERVER_BIN is ${path}, which is no nats-server that runs on this machine. Correct it or unset it.`,
        );
      return binary;
    },
  };
}

/**
 * A nats-server in a directory of the search path.
 *
 * @param searchPath - The value of `PATH`. `/usr/sbin` is searched as well: Debian puts the server there, which is
 *   on the PATH of root only.
 * @param accept - `suitable`: only a version that keeps events safe; `any`: the last choice.
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
