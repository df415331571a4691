import { join } from 'node:path';
import { describeExit } from '../process/exit.ts';
import { openLogFile } from '../process/log-file.ts';
import { startServiceProcess } from '../process/service-process.ts';
import { ExpectedError } from '@shop/process';
import type { StopOrder } from './stop-order.ts';
import type { SubgraphName } from './types.ts';

/**
 * Runs `dist/<name>-seed.js` to its end. It may be run at each start: it adds only what is missing.
 *
 * @throws ExpectedError with its last complaint when it fails.
 */
export async function runSeed(
  name: SubgraphName,
  options: { root: string; logDir: string; env: NodeJS.ProcessEnv; stopOrder: StopOrder },
): Promise<void> {
  options.stopOrder.add('subgraphs', () => program.stop()); // first, since it throws when the stack is stopping already
  const log = openLogFile(join(options.logDir, `${name}-seed.log`));
  let complaint = '';
  const program = startServiceProcess({
    entry: join(options.root, 'dist', `${name}-seed.js`),
    cwd: options.root,
    env: options.env,
    log,
    onLine: (line, stream) => void (stream === 'stderr' && line.trim() !== '' && (complaint ||= line.trim())),
  });
  const exit = await program.exited;
  log.close();
  if (exit.code === 0) return;
  throw new ExpectedError(
    `The ${name} database could not be filled (${describeExit(exit)}): ${complaint || `see ${join(options.logDir, `${name}-seed.log`)}`}`,
  );
}
