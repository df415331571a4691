import type { Report } from '@shop/process';

/** Log levels that a person should see at once. */
const FAILURES = new Set(['error', 'fatal']);

/**
 * Selects the output of a service that the terminal should show: warnings and errors of its log, and all of standard error. Each line
 * starts with the name of the service. The rest is in the log file.
 *
 * @param isStarting - Warnings are left out while the stack starts: they only say that a service waits for another.
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
