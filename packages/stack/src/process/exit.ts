import type { ChildProcess } from 'node:child_process';

/** How a process ended: by its exit code, by a signal, or by not having started at all (`error`). */
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

/** `exit code 1`, `signal SIGKILL`, or why it never ran: for a log line. */
export function describeExit(exit: ProcessExit): string {
  if (exit.error !== undefined) return exit.error.message;
  return exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`;
}
