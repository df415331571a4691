import { ExpectedError } from '@shop/process';
import { inspectBinary } from '../version.ts';
import type { NatsSource } from './source.ts';

/** The program that `NATS_SERVER_BIN` names: whoever names one wants that one, or to hear why not. */
export function givenBinary(path: string): NatsSource {
  return {
    name: 'NATS_SERVER_BIN',
    async find() {
      const binary = await inspectBinary(path);
      if (binary === null)
        throw new ExpectedError(
          `NATS_SERVER_BIN is ${path}, which is no nats-server that runs here: correct it or unset it.`,
        );
      return binary;
    },
  };
}
