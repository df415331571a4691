import type { Report } from '@shop/process';

/** What a service's log calls the levels that a person should see at once. */
const FAILURES = new Set(['error', 'fatal']);

/**
 * Picks from a service's output what the person at the terminal should see: warnings and errors of the log, and whatever comes
 * on standard error, each with the service's name in front. The rest is in the log file.
 *
 * @param isStarting - Until the whole stack is ready, warnings say only that a service waits for another: they are left out.
 */
export function consoleLines(
  name: string,
  report: Report,
  isStarting: () => boolean,
): (line: string, stream: 'stdout' | 'stderr') => void {
  return (line, stream) => {
    if (stream === 'stderr') return void (line.trim() !== '' && report(`[${name}] ${line}`));
    const entry = parseEntry(line);
    if (entry === null || !(FAILURES.has(entry.level) || (entry.level === 'warn' && !isStarting()))) return;
    const { msg = '', err } = entry;
    const reason = err?.message === undefined || msg.includes(err.message) ? '' : `: ${err.message}`;
    report(`[${name}] ${entry.level.toUpperCase()} ${msg}${reason}`);
  };
}

interface LogEntry {
  readonly level: string;
  readonly msg?: string;
  readonly err?: { readonly message?: string };
}

function parseEntry(line: string): LogEntry | null {
  try {
    const entry = JSON.parse(line) as LogEntry | null;
    return typeof entry?.level === 'string' ? entry : null;
  } catch {
    return null;
  }
}
