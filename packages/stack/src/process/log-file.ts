import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs';

/** At this size a log becomes `<file>.1`, replaces the previous one, and a new log begins. */
const MAX_BYTES = 10 * 1024 * 1024;

/** Appends to a file of bounded size. */
export interface LogFile {
  write(line: string): void;
  close(): void;
}

/** Opens a log in an existing directory. A line that cannot be written is dropped: a full disk must not stop the services. */
export function openLogFile(file: string, maxBytes = MAX_BYTES): LogFile {
  rotateIfFull(file, maxBytes);
  let size = measureFile(file);
  let descriptor: number | undefined;
  const close = (): void => {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  };
  return {
    write(line) {
      const bytes = Buffer.from(`${line}\n`);
      try {
        if (size > 0 && size + bytes.length > maxBytes) {
          close();
          renameSync(file, `${file}.1`);
          size = 0;
        }
        descriptor ??= openSync(file, 'a', 0o600);
        size += writeSync(descriptor, bytes);
      } catch {
        // dropped
      }
    },
    close,
  };
}

/** Renames a log that is over the limit. Use it for servers that open their log themselves. */
export function rotateIfFull(file: string, maxBytes = MAX_BYTES): void {
  if (measureFile(file) > maxBytes) renameSync(file, `${file}.1`);
}

function measureFile(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
