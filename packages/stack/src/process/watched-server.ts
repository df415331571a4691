import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { type ProcessExit, watchExit } from './exit.ts';
import { track } from './tracked.ts';

/**
 * Becomes the server (`exec`, so that the server has the pid that we know) after leaving a watcher behind, which reads the pipe
 * that the supervisor holds open. A supervisor that dies, even by SIGKILL, closes that pipe, and the watcher stops the server.
 * A line on the pipe means that the server is gone already, and that its pid may belong to someone else by now.
 * The watcher is forked twice so that it is no child of the server: PostgreSQL takes an unknown child's end for a crash.
 */
const WATCH = `
signal=$1 seconds=$2; shift 2
exec 3<&0
( (
  read -r _ <&3 && exit
  kill -s "$signal" $$
  while kill -s 0 $$; do
    [ "$seconds" -gt 0 ] || { kill -s KILL $$; exit; }
    sleep 1; seconds=$((seconds - 1))
  done
) >/dev/null 2>&1 & )
exec "$@" </dev/null 3<&-
`;

/** What to run and how to end it. */
export interface WatchedServerOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** The signal that asks the server for an orderly end. */
  readonly stopSignal: 'SIGINT' | 'SIGTERM';
  /** The signal that ends it at once, when there is no time. Default SIGKILL. */
  readonly abortSignal?: 'SIGQUIT' | 'SIGKILL';
  /** After so many milliseconds a server that was asked to stop is killed. */
  readonly graceMs: number;
  /** The server's output is appended here. */
  readonly logFile: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/** A server that runs in a session of its own and that does not outlive this process. */
export interface WatchedServer {
  readonly pid: number;
  /** Settles when the server has ended, whatever the cause. */
  readonly exited: Promise<ProcessExit>;
  hasExited(): boolean;
  kill(signal: NodeJS.Signals): void;
  /** Asks the server to stop, kills it after the grace, and returns when it is gone. */
  stop(): Promise<ProcessExit>;
}

/**
 * Starts a server that a terminal's Ctrl-C does not reach (the supervisor stops it, after the services that need it) and that is
 * stopped when this process dies in any way.
 */
export function startWatchedServer(options: WatchedServerOptions): WatchedServer {
  const child = spawnDetached(options);
  track(child, () => child.kill(options.abortSignal ?? 'SIGKILL'));
  const { exited, hasExited } = watchExit(child);
  const pipe = child.stdin;
  pipe?.on('error', () => {}); // EPIPE: nobody watches any more, and nothing is left to be watched
  void exited.then(() => pipe?.end('gone\n'));
  const kill = (signal: NodeJS.Signals): void => void (hasExited() || child.kill(signal));
  return {
    pid: child.pid ?? -1,
    exited,
    hasExited,
    kill,
    async stop() {
      kill(options.stopSignal);
      const deadline = setTimeout(() => kill('SIGKILL'), options.graceMs);
      return exited.finally(() => clearTimeout(deadline));
    },
  };
}

function spawnDetached(options: WatchedServerOptions): ChildProcess {
  const log = openSync(options.logFile, 'a', 0o600);
  const seconds = String(Math.ceil(options.graceMs / 1000));
  try {
    return spawn(
      '/bin/sh',
      ['-c', WATCH, 'watch', options.stopSignal.slice(3), seconds, options.command, ...options.args],
      {
        stdio: ['pipe', log, log],
        detached: true,
        cwd: options.cwd,
        env: options.env,
        ...(options.uid === undefined ? {} : { uid: options.uid }),
        ...(options.gid === undefined ? {} : { gid: options.gid }),
      },
    );
  } finally {
    closeSync(log);
  }
}
