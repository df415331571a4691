import { join } from 'node:path';
import { openLogFile } from '../process/log-file.ts';
import { poll } from '../process/poll.ts';
import { startServiceProcess } from '../process/service-process.ts';
import { type Running, supervise } from '../process/supervise.ts';
import { type Report, StackError } from '../stack-error.ts';
import { consoleLines } from './console-lines.ts';
import { isOk } from './health.ts';
import type { ServiceName, StackService } from './types.ts';

/** What {@link createService} needs. */
export interface ServiceOptions {
  readonly name: ServiceName;
  readonly root: string;
  readonly logDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly url: string;
  readonly report: Report;
  readonly isStackStarting: () => boolean;
}

/** A service, and how its log is closed when it is not started again. */
export interface ServiceWithLog extends StackService {
  close(): Promise<void>;
}

/** A service of the stack: `dist/<name>.js`, its log, its health, and its supervision. */
export function createService(options: ServiceOptions): ServiceWithLog {
  const { name, root, url, report } = options;
  const log = openLogFile(join(options.logDir, `${name}.log`));
  const onLine = consoleLines(name, report, options.isStackStarting);
  let current: Running | undefined;
  const launch = async (): Promise<Running> =>
    (current = startServiceProcess({ entry: join(root, 'dist', `${name}.js`), cwd: root, env: options.env, log, onLine }));

  const untilReady = async (timeoutMs = 30_000): Promise<void> => {
    const watched = current;
    let hasEnded = false;
    void watched?.exited.then(() => (hasEnded = true));
    await poll(
      async () => {
        if (await isOk(`${url}/health/ready`)) return true;
        if (hasEnded && watched === current) throw new StackError(`${name} did not start: see ${join(options.logDir, `${name}.log`)}.`);
        return undefined;
      },
      { timeoutMs, orElse: () => new StackError(`${name} was not ready after ${timeoutMs / 1000} s: see ${join(options.logDir, `${name}.log`)}.`) },
    );
  };

  const supervised = supervise({
    name,
    launch,
    report,
    onRestarted: () => void untilReady().then(() => report(`${name} is ready again`), () => {}),
  });
  return Object.defineProperties({ url, untilReady, ...supervised, close: () => log.close() }, { pid: { get: () => supervised.pid } });
}
