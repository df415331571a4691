import type { ChildProcess } from 'node:child_process';

/** The end of a process: its exit code, a signal, or the reason why it could not be started (`error`). */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error;
}

/** Follows a child process to its end; never rejects. */
export function watchExit(child: ChildProcess): { exited: Promise<ProcessExit>; hasExited(): boolean } {
  let ended = false;
  const exited = new Promise<ProcessExit>((resolve) => {
    const end = (exit: ProcessExit): void => {
      ended = true;
      resolve(exit);
    };
    child.once('exit', (code, signal) => end({ code, signal }));
    child.once('error', (error) => void (child.pid === undefined && end({ code: null, signal: null, error })));
  });
  return { exited, hasExited: () => ended };
}

/** `exit code 1`, `signal SIGKILL`, or why the process could not be started: for a log line. */
export function describeExit(exit: ProcessExit): string {
  if (exit.error !== undefined) return exit.error.message;
  return exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`;
}

const running = new Map<ChildProcess, () => void>();
let isInstalled = false;

/**
 * Ends a child process by force when this process exits, for example after a second Ctrl-C or an unexpected error.
 * Children run in their own sessions, so no signal of the terminal would end them.
 *
 * @param endNow - Ends the child without waiting. Default: SIGKILL to the child and to the processes that it started.
 */
export function killOnExit(child: ChildProcess, endNow: () => void = () => killGroup(child)): void {
  if (!isInstalled) process.on('exit', killAll);
  isInstalled = true;
  running.set(child, endNow);
  const forget = (): void => void running.delete(child);
  child.once('exit', forget).once('error', () => void (child.pid === undefined && forget()));
}

function killAll(): void {
  for (const endNow of running.values()) endNow();
}

/** A detached child leads a process group, whose id is its pid. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL'); // it may not lead its group yet
  }
}
