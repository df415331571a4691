import type { Report } from '@shop/process';
import { describeExit, type ProcessExit } from './child-process.ts';

/** A process that runs until `exited` settles. */
export interface Running {
  readonly pid: number;
  readonly exited: Promise<ProcessExit>;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<unknown>;
}

/** A process that was started and may not be ready yet. */
export type Spawned = Pick<Running, 'pid' | 'kill'>;

/** The pauses before a process that died is started again. */
export interface RestartPauses {
  /** First pause in milliseconds, doubled at each failure. Default 100: a restart must be over before calls to the service give up. */
  readonly firstPauseMs?: number;
  /** Longest pause in milliseconds. Default 5000. */
  readonly longestPauseMs?: number;
  /** After this time a process counts as recovered, and the next pause is the first again. Default 10000. */
  readonly healthyAfterMs?: number;
}

/** Options of {@link supervise}. */
export interface SuperviseOptions extends RestartPauses {
  /** For the log. */
  readonly name: string;
  /** Starts the process; may fail. Calls `onSpawned` as soon as the process exists, before it is ready. */
  readonly launch: (onSpawned: (spawned: Spawned) => void) => Promise<Running>;
  readonly report: Report;
  /** Called after each restart. */
  readonly onRestarted?: (running: Running) => void;
}

/** A process that is started again when it dies. */
export interface Supervised {
  /** Pid of the process that runs or starts; `null` while there is none. */
  readonly pid: number | null;
  /** Starts it, unless it runs. Rejects when this first start fails; restarts follow only later ends. */
  start(): Promise<void>;
  /** Stops it. It stays stopped until the next `start`. */
  stop(): Promise<void>;
  /** Sends a signal to the process, also while it starts. If it ends by that, it is started again. */
  kill(signal: NodeJS.Signals): void;
}

/**
 * Keeps one process running. The pause before a restart doubles with each failure, up to a limit that keeps an outage after
 * repeated failures short.
 */
export function supervise(options: SuperviseOptions): Supervised {
  const { name, launch, report, firstPauseMs = 100, longestPauseMs = 5_000, healthyAfterMs = 10_000 } = options;
  let running: Running | null = null;
  let spawned: Spawned | null = null; // of a launch in progress
  let pending: Promise<void> | null = null; // a launch in progress
  let timer: NodeJS.Timeout | undefined;
  let isWanted = false;
  let failures = 0;

  async function launchOnce(): Promise<Running> {
    const launched = await launch((started) => (spawned = started)).finally(() => (spawned = null));
    const since = performance.now(); // the clock of the host may be set meanwhile
    running = launched;
    void launched.exited.then((exit) => {
      running = null;
      if (performance.now() - since >= healthyAfterMs) failures = 0;
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
      await pending; // a process that is starting must exist before it can be stopped
      await running?.stop();
    },
    kill: (signal) => (running ?? spawned)?.kill(signal),
  };
}
