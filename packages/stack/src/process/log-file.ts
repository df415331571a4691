import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs';

/** A log grows to so many bytes; then it becomes `<file>.1`, in place of the one before, and a new one begins. */
const MAX_BYTES = 10 * 1024 * 1024;

/** Appends to a file of bounded size. */
export interface LogFile {
  write(line: string): void;
  close(): void;
}

/** Opens a log to append to; its directory exists. What cannot be written is dropped: a full disk must not stop the services. */
export function openLogFile(file: string, maxBytes = MAX_BYTES): LogFile {
  rotateIfFull(file, maxBytes);
  let size = sizeOf(file);
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

/** Moves a log that has grown over the limit out of the way; for servers that open their log themselves. */
export function rotateIfFull(file: string, maxBytes = MAX_BYTES): void {
  if (sizeOf(file) > maxBytes) renameSync(file, `${file}.1`);
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
