import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { watchExit } from './exit.ts';
import type { LogFile } from './log-file.ts';
import type { Running } from './supervise.ts';
import { track } from './tracked.ts';

/**
 * Loaded before the program: it ends a process that loses its supervisor before it has learnt to listen for that, while it is still
 * loading its modules. Later the program's own listener lets it drain.
 */
const END_ORPHAN = `data:text/javascript,process.once('disconnect',()=>process.listenerCount('disconnect')===0&&process.exit(0))`;

/** A Node program of ours and how it runs. */
export interface ServiceProcessOptions {
  readonly entry: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: LogFile;
  /** Gets each line of the program's output, from which stream it came included. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** After so many milliseconds a process that was asked to stop is killed. Default 17000: services end by themselves after 15 s. */
  readonly graceMs?: number;
}

/**
 * Starts a service in a session of its own, with an IPC channel, whose loss tells it that the supervisor is gone.
 * SIGTERM lets it drain.
 */
export function startServiceProcess(options: ServiceProcessOptions): Running {
  const child = spawn(process.execPath, ['--enable-source-maps', '--import', END_ORPHAN, options.entry], {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  track(child);
  for (const name of ['stdout', 'stderr'] as const) {
    const stream = child[name];
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      options.log.write(line);
      options.onLine?.(line, name);
    });
  }
  const { exited, hasExited } = watchExit(child);
  const kill = (signal: NodeJS.Signals): void => void (hasExited() || child.kill(signal));
  return {
    pid: child.pid ?? -1,
    exited,
    kill,
    stop() {
      kill('SIGTERM');
      const deadline = setTimeout(() => kill('SIGKILL'), options.graceMs ?? 17_000);
      return exited.finally(() => clearTimeout(deadline));
    },
  };
}
