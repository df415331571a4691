import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { killOnExit, type ProcessExit, watchExit } from './child-process.ts';

/**
 * Starts a watcher and then becomes the server (`exec`, so that the server has the known pid). The supervisor holds a pipe open, and
 * the watcher reads it. When the supervisor dies, even by SIGKILL, the pipe closes and the watcher stops the server. A line on the
 * pipe means that the server is gone already: its pid may belong to another process by now.
 * The watcher is forked twice so that it is no child of the server. PostgreSQL takes the end of an unknown child for a crash.
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

/** The server to run, and how to stop it. */
export interface WatchedServerOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** The signal that asks the server for an orderly end. */
  readonly stopSignal: 'SIGINT' | 'SIGTERM';
  /** The signal that ends it at once. Default SIGKILL. */
  readonly abortSignal?: 'SIGQUIT' | 'SIGKILL';
  /** Milliseconds from the stop signal to SIGKILL. */
  readonly graceMs: number;
  /** The server's output is appended here. */
  readonly logFile: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/** A server that runs in its own session and stops when this process ends. */
export interface WatchedServer {
  readonly pid: number;
  /** Settles when the server has ended for any reason. */
  readonly exited: Promise<ProcessExit>;
  hasExited(): boolean;
  kill(signal: NodeJS.Signals): void;
  /** Asks the server to stop, kills it after `graceMs`, and returns when it is gone. */
  stop(): Promise<ProcessExit>;
}

/**
 * Starts a server that a Ctrl-C in the terminal does not reach: the supervisor stops it after the services that need it. The server
 * also stops when this process dies in any way.
 */
export function startWatchedServer(options: WatchedServerOptions): WatchedServer {
  const child = spawnDetached(options);
  killOnExit(child, () => child.kill(options.abortSignal ?? 'SIGKILL'));
  const { exited, hasExited } = watchExit(child);
  const pipe = child.stdin;
  pipe?.on('error', () => {}); // EPIPE: the watcher and the server are gone
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
