import { join } from 'node:path';
import { openLogFile } from '../process/log-file.ts';
import { poll } from '../process/poll.ts';
import { startServiceProcess } from '../process/service-process.ts';
import { type RestartPauses, type Running, supervise } from '../process/supervise.ts';
import { type Report, ExpectedError } from '@shop/process';
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
  readonly restarts?: RestartPauses | undefined;
}

/** What only the stack itself does with a service. */
export interface ServiceWithLog extends StackService {
  /** The first start. Unlike later ones it is given up when the process dies: what is wrong then does not pass by itself. */
  startUntilReady(timeoutMs: number): Promise<void>;
  /** Closes the log; the service is not started again. */
  close(): void;
}

/** A service of the stack: `dist/<name>.js`, its log, its health, and its supervision. */
export function createService(options: ServiceOptions): ServiceWithLog {
  const { name, root, url, report } = options;
  const logFile = join(options.logDir, `${name}.log`);
  const log = openLogFile(logFile);
  const onLine = consoleLines(name, report, options.isStackStarting);
  let hasDied = false;
  const launch = async (): Promise<Running> => {
    const running = startServiceProcess({
      entry: join(root, 'dist', `${name}.js`),
      cwd: root,
      env: options.env,
      log,
      onLine,
    });
    hasDied = false;
    void running.exited.then(() => (hasDied = true));
    return running;
  };

  const untilReady = (timeoutMs = 30_000, isHopeless = () => false): Promise<void> =>
    poll(
      async () => {
        if (await isOk(`${url}/health/ready`)) return true;
        if (isHopeless()) throw new ExpectedError(`${name} did not start: see ${logFile}.`);
        return undefined;
      },
      {
        timeoutMs,
        orElse: () => new ExpectedError(`${name} was not ready after ${timeoutMs / 1000} s: see ${logFile}.`),
      },
    ).then(() => {});

  const supervised = supervise({
    ...options.restarts,
    name,
    launch,
    report,
    onRestarted: () =>
      void untilReady().then(
        () => report(`${name} is ready again`),
        () => {},
      ),
  });
  return {
    url,
    get pid() {
      return supervised.pid;
    },
    start: supervised.start,
    stop: supervised.stop,
    kill: supervised.kill,
    untilReady: (timeoutMs) => untilReady(timeoutMs),
    async startUntilReady(timeoutMs) {
      await supervised.start();
      await untilReady(timeoutMs, () => hasDied);
    },
    close: log.close,
  };
}
