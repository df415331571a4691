import type { Report } from '@shop/process';
import { describeExit, type ProcessExit } from './exit.ts';

/** A process that is running, or was until `exited` settled. */
export interface Running {
  readonly pid: number;
  readonly exited: Promise<ProcessExit>;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<unknown>;
}

/** A process that was started, and may not be ready yet. */
export type Spawned = Pick<Running, 'pid' | 'kill'>;

/** How soon a process that died is started again. */
export interface RestartPauses {
  /** First pause in milliseconds, doubled at each failure. Default 500. */
  readonly firstPauseMs?: number;
  /** Longest pause in milliseconds. Default 30000. */
  readonly longestPauseMs?: number;
  /** A process that lived so long has recovered: the pauses begin anew. Default 60000. */
  readonly healthyAfterMs?: number;
}

/** What {@link supervise} needs. */
export interface SuperviseOptions extends RestartPauses {
  /** For the log. */
  readonly name: string;
  /** Starts the process anew; may fail. One that takes time to become ready is told of as soon as it exists. */
  readonly launch: (onSpawned: (spawned: Spawned) => void) => Promise<Running>;
  readonly report: Report;
  /** Called after each start that followed an unexpected end. */
  readonly onRestarted?: (running: Running) => void;
}

/** A process that is started again when it dies. */
export interface Supervised {
  /** Pid of the process that runs or is being started; `null` while there is none. */
  readonly pid: number | null;
  /** Starts it, unless it runs. Rejects when that start fails; only later ends are followed by restarts. */
  start(): Promise<void>;
  /** Stops it, and it stays stopped. */
  stop(): Promise<void>;
  /** Sends a signal to the process, also while it is being started; what ends by it is started again. */
  kill(signal: NodeJS.Signals): void;
}

/** Keeps one process running, with a pause that doubles from failure to failure. */
export function supervise(options: SuperviseOptions): Supervised {
  const { name, launch, report, firstPauseMs = 500, longestPauseMs = 30_000, healthyAfterMs = 60_000 } = options;
  let running: Running | null = null;
  let spawned: Spawned | null = null; // of a launch in progress
  let pending: Promise<void> | null = null; // a launch in progress
  let timer: NodeJS.Timeout | undefined;
  let isWanted = false;
  let failures = 0;

  async function launchOnce(): Promise<Running> {
    const launched = await launch((started) => (spawned = started)).finally(() => (spawned = null));
    const since = Date.now();
    running = launched;
    void launched.exited.then((exit) => {
      running = null;
      if (Date.now() - since >= healthyAfterMs) failures = 0;
      if (isWanted) scheduleRestart(`stopped unexpectedly (${describeExit(exit)})`);
    });
    return launched;
  }

  function scheduleRestart(reason: string): void {
    const pauseMs = Math.min(firstPauseMs * 2 ** failures, longestPauseMs);
    failures += 1;
    report(`${name} ${reason}; starting it again in ${pauseMs / 1000} s`);
    timer = setTimeout(() => {
      pending = launchOnce()
        .then(
          (launched) => isWanted && options.onRestarted?.(launched),
          (error: Error) => isWanted && scheduleRestart(`did not start: ${error.message}`),
        )
        .then(() => void (pending = null));
    }, pauseMs);
  }

  return {
    get pid() {
      return (running ?? spawned)?.pid ?? null;
    },
    async start() {
      if (isWanted) return;
      isWanted = true;
      failures = 0;
      const launching = launchOnce();
      pending = launching
        .then(
          () => {},
          () => void (isWanted = false),
        )
        .finally(() => void (pending = null));
      await launching;
    },
    async stop() {
      isWanted = false;
      clearTimeout(timer);
      await pending; // what is being started must be there to be stopped
      await running?.stop();
    },
    kill: (signal) => (running ?? spawned)?.kill(signal),
  };
}
