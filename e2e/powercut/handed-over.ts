import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { serviceNames } from '@shop/contracts';

const MESSAGE = 'the stream did not deliver some events, they were handed over';

/** Counts the events that the relays have handed over since a time, according to the logs of the subgraphs. */
export async function countHandedOver(dataDir: string, since: Date): Promise<number> {
  const counts = await Promise.all(
    serviceNames.map(async (name) => {
      const log = await readFile(path.join(dataDir, 'logs', `${name}.log`), 'utf8');
      return log.split('\n').reduce((sum, line) => sum + readCount(line, since), 0);
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

function readCount(line: string, since: Date): number {
  if (!line.includes(MESSAGE)) return 0;
  const { time, events } = JSON.parse(line) as { time: string | number; events: number };
  return new Date(time) >= since ? events : 0;
}
