import { join } from 'node:path';
import { ExpectedError, type Report } from '@shop/process';
import { isAnswered } from '../process/is-answered.ts';
import { openLogFile } from '../process/log-file.ts';
import { pause, poll } from '../process/poll.ts';
import { startServiceProcess } from '../process/service-process.ts';
import { type RestartPauses, type Running, supervise } from '../process/supervise.ts';
import { consoleLines } from './console-lines.ts';
import { describeStartFailure } from './start-failure.ts';
import type { ProcessName, StackService } from './types.ts';

/** Options of {@link createService}. */
export interface ServiceOptions {
  readonly program: ProcessName | 'mailbox';
  /** For the log and the terminal. */
  readonly name: string;
  readonly root: string;
  readonly logDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly url: string;
  readonly metricsUrl: string | null;
  /** Opens the inspector on this port of 127.0.0.1. */
  readonly inspectorPort: number | null;
  readonly report: Report;
  readonly isStackStarting: () => boolean;
  readonly restarts?: RestartPauses | undefined;
}

/** The actions of a service that only the stack itself uses. */
export interface ServiceWithLog extends StackService {
  /** Starts it for the first time. There is no restart if it dies before it is ready: a second attempt would fail as well. */
  startUntilReady(timeoutMs: number): Promise<void>;
  /** Closes the log. The service is not started again. */
  close(): void;
}

/** A service of the stack: `dist/<program>.js`, its log, its health, and its supervision. */
export function createService(options: ServiceOptions): ServiceWithLog {
  const { name, root, url, report } = options;
  const logFile = join(options.logDir, `${name}.log`);
  const log = openLogFile(logFile);
  const show = consoleLines(name, report, options.isStackStarting);
  let hasDied = false;
  // Standard error of the first start is held back: if the process dies, the error of the start quotes it.
  let held: string[] | null = [];
  const onLine: typeof show = (line, stream) => {
    if (stream === 'stderr' && held !== null) held.push(line);
    else show(line, stream);
  };
  const releaseHeldLines = (): void => {
    const lines = held ?? [];
    held = null;
    for (const line of lines) show(line, 'stderr');
  };

  const launch = async (): Promise<Running> => {
    const running = startServiceProcess({
      entry: join(root, 'dist', `${options.program}.js`),
      cwd: root,
      env: options.env,
      inspectorPort: options.inspectorPort,
      log,
      onLine,
    });
    hasDied = false;
    void running.exited.then(() => {
      hasDied = true;
      // Before the supervisor restarts it: a second attempt would fail as well.
      if (held !== null) void supervised.stop();
    });
    return running;
  };

  const untilReady = (timeoutMs = 60_000, check = async (): Promise<void> => {}): Promise<void> =>
    poll(
      async () => {
        if (await isAnswered(`${url}/health/ready`)) return true;
        await check();
        return undefined;
      },
      {
        timeoutMs,
        everyMs: 100, // each question costs time of the processors that the service needs for its start
        orElse: () => new ExpectedError(`${name} was not ready after ${timeoutMs / 1000} s. See ${logFile}.`),
      },
    ).then(() => {});

  const supervised = supervise({
    ...options.restarts,
    name,
    launch,
    report: (line) => void (held === null && report(line)),
    onRestarted: () =>
      void untilReady().then(
        () => report(`${name} is ready again`),
        () => {},
      ),
  });
  return {
    url,
    metricsUrl: options.metricsUrl,
    get pid() {
      return supervised.pid;
    },
    start: supervised.start,
    stop: supervised.stop,
    kill: supervised.kill,
    untilReady: (timeoutMs) => untilReady(timeoutMs),
    async startUntilReady(timeoutMs) {
      await supervised.start();
      await untilReady(timeoutMs, async () => {
        if (!hasDied) return;
        await pause(100); // its last lines may still be on their way
        throw new ExpectedError(describeStartFailure(name, held ?? [], logFile));
      }).catch((error: unknown) => {
        if (!hasDied) releaseHeldLines();
        throw error;
      });
      releaseHeldLines();
    },
    close: log.close,
  };
}
