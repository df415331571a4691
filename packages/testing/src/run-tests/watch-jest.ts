import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeReport, readReports, type ProcessReport } from './process-reports.ts';

/** A message of `jest/progress-reporter.mjs`. */
type Progress = { readonly state: 'running' | 'done'; readonly file: string } | { readonly state: 'finished' };

export interface WatchLimits {
  /** Milliseconds for Jest to exit after its summary. Default: 30 s. */
  readonly exitMs?: number;
  /** Milliseconds in which a running test file must report a result. Default: 10 min, the longest timeout of a test. */
  readonly silentMs?: number;
  /** Milliseconds for which no test file may run, at the start or between two of them. Default: 10 min. */
  readonly idleMs?: number;
}

export interface JestWatch {
  /** What Node needs before the path of Jest. */
  readonly nodeArgs: readonly string[];
  /** Watches Jest until it exits. */
  watch(child: ChildProcess): void;
  /** True once it has found that Jest hangs. */
  hasEndedJest(): boolean;
  /** Frees what the watch has, after Jest has exited. */
  stop(): void;
}

/**
 * Ends Jest when it hangs: when it does not exit after its summary, or when a test file reports nothing for a long time.
 * It prints the last test files and what the processes have open, so that the cause can be found.
 *
 * Node writes a report about a process when a signal comes, unless code blocks the event loop. Workers have the same
 * Node arguments as Jest.
 */
export function createJestWatch(print: (line: string) => void, limits: WatchLimits = {}): JestWatch {
  const { exitMs = 30_000, silentMs = 600_000, idleMs = 600_000 } = limits;
  const directory = mkdtempSync(path.join(tmpdir(), 'jest-reports-'));
  let timer: NodeJS.Timeout | undefined;
  let isEnding = false;

  return {
    nodeArgs: [
      '--report-on-signal',
      '--report-signal=SIGUSR2',
      '--report-exclude-network',
      `--report-directory=${directory}`,
    ],
    watch(child) {
      const running = new Map<string, number>();
      let lastFile = 'none';
      let lastProgress = Date.now();
      let finishedAt: number | undefined;

      child.on('message', (progress: Progress) => {
        lastProgress = Date.now();
        if (progress.state === 'finished') finishedAt = lastProgress;
        else {
          lastFile = progress.file;
          if (progress.state === 'running') running.set(progress.file, lastProgress);
          else running.delete(progress.file);
        }
      });
      timer = setInterval(
        () => {
          const now = Date.now();
          const reason = findReason(now);
          if (reason === undefined) return;
          clearInterval(timer);
          isEnding = true;
          print(`\n${reason}`);
          void end(child, directory, print);
        },
        Math.min(1_000, exitMs, silentMs, idleMs),
      );

      function findReason(now: number): string | undefined {
        if (finishedAt !== undefined) {
          if (now - finishedAt < exitMs) return undefined;
          return `Jest printed its summary ${exitMs / 1_000} s ago and has not exited. The last test file is ${lastFile}.`;
        }
        const silent = [...running].filter(([, since]) => now - since >= silentMs).map(([file]) => file);
        if (silent.length > 0) return `No result for ${silentMs / 1_000} s from ${silent.join(' and ')}.`;
        if (running.size > 0 || now - lastProgress < idleMs) return undefined;
        return `No test file has run for ${idleMs / 1_000} s. The last one is ${lastFile}.`;
      }
    },
    hasEndedJest: () => isEnding,
    stop() {
      clearInterval(timer);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Prints what Jest and its workers have open, and kills them. */
async function end(child: ChildProcess, directory: string, print: (line: string) => void): Promise<void> {
  const ask = (pids: readonly number[]): Promise<ProcessReport[]> => {
    for (const pid of pids) send(pid, 'SIGUSR2');
    return readReports(directory, pids);
  };
  const [jest] = await ask([child.pid ?? 0]);
  const workers = await ask(jest?.children ?? []);
  for (const report of jest === undefined ? [] : [jest, ...workers]) {
    for (const line of describeReport(report)) print(line);
  }
  if (jest === undefined) print('Jest writes no report: code blocks its event loop.');
  const answered = new Set(workers.map(({ pid }) => pid));
  const others = jest?.children.filter((pid) => !answered.has(pid)) ?? [];
  // A database that a test started is among them. It stops when Jest is gone.
  if (others.length > 0)
    print(`No report from ${others.join(', ')}: other programs, or code that blocks the event loop.`);
  for (const pid of answered) send(pid, 'SIGKILL');
  for (const pid of others) send(pid, 'SIGTERM');
  child.kill('SIGKILL');
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // The process has exited in between.
  }
}
