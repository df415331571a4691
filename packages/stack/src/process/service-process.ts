import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { killOnExit, watchExit } from './child-process.ts';
import type { LogFile } from './log-file.ts';
import type { Running } from './supervise.ts';

/**
 * Runs before the program. It ends a process that loses its supervisor while it is still loading its modules. Later the
 * program has its own listener and can finish its requests.
 */
const END_ORPHAN = `data:text/javascript,process.once('disconnect',()=>process.listenerCount('disconnect')===0&&process.exit(0))`;

/** A bundle of `dist/` and how it runs. */
export interface ServiceProcessOptions {
  readonly entry: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: LogFile;
  /** Opens the inspector on this port of 127.0.0.1. Default: none. */
  readonly inspectorPort?: number | null;
  /** Gets each line of the program's output with its stream. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** Milliseconds from SIGTERM to SIGKILL. Default 17000: services end by themselves after 15 s. */
  readonly graceMs?: number;
}

/**
 * Starts a service in its own session, with an IPC channel. When the channel closes, the service knows that its
 * supervisor is gone. SIGTERM lets it finish its requests.
 */
export function startServiceProcess(options: ServiceProcessOptions): Running {
  const { inspectorPort = null } = options;
  // Node announces the inspector on standard error, which the terminal shows, unless the address is published over HTTP only.
  const inspector =
    inspectorPort === null ? [] : [`--inspect=127.0.0.1:${inspectorPort}`, '--inspect-publish-uid=http'];
  const child = spawn(process.execPath, ['--enable-source-maps', ...inspector, '--import', END_ORPHAN, options.entry], {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  killOnExit(child);
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
