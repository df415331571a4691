import type { ChildProcess } from 'node:child_process';

const running = new Map<ChildProcess, () => void>();
let isInstalled = false;

/**
 * Remembers a child process until it ends, and ends it by force when this process exits for whatever reason: a second Ctrl-C, or a
 * bug of ours. Children run in sessions of their own, so that nothing else would.
 *
 * @param endNow - Ends it without waiting. Default: SIGKILL to the child and to what it has started.
 */
export function track(child: ChildProcess, endNow: () => void = () => killGroup(child)): void {
  if (!isInstalled) process.on('exit', endAll);
  isInstalled = true;
  running.set(child, endNow);
  const forget = (): void => void running.delete(child);
  child.once('exit', forget).once('error', () => void (child.pid === undefined && forget()));
}

function endAll(): void {
  for (const endNow of running.values()) endNow();
}

/** A detached child leads a process group, whose id is its pid. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL'); // it may not have become a leader yet
  }
}
