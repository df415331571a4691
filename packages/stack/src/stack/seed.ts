import { join } from 'node:path';
import type { ServiceName } from '@shop/contracts';
import { ExpectedError } from '@shop/process';
import { describeExit } from '../process/child-process.ts';
import { openLogFile } from '../process/log-file.ts';
import { startServiceProcess } from '../process/service-process.ts';
import type { StopOrder } from './stop-order.ts';

/**
 * Runs `dist/<name>-seed.js` to its end. It runs at each start and adds only what is missing.
 *
 * @throws ExpectedError with the program's own message when it fails.
 */
export async function runSeed(
  name: ServiceName,
  options: { root: string; logDir: string; env: NodeJS.ProcessEnv; stopOrder: StopOrder },
): Promise<void> {
  options.stopOrder.add('subgraphs', () => program.stop()); // first, because it throws when the stack is stopping already
  const log = openLogFile(join(options.logDir, `${name}-seed.log`));
  let message = '';
  const program = startServiceProcess({
    entry: join(options.root, 'dist', `${name}-seed.js`),
    cwd: options.root,
    env: options.env,
    log,
    onLine: (line, stream) => void (stream === 'stderr' && line.trim() !== '' && (message ||= line.trim())),
  });
  const exit = await program.exited;
  log.close();
  if (exit.code === 0) return;
  throw new ExpectedError(
    `The ${name} database could not be filled (${describeExit(exit)}): ${message || `see ${join(options.logDir, `${name}-seed.log`)}`}`,
  );
}
