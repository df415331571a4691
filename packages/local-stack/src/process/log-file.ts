import { createWriteStream, renameSync, statSync, type WriteStream } from 'node:fs';

/** A log grows to so many bytes; then it becomes `<file>.1`, in place of the one before, and a new one begins. */
const MAX_BYTES = 10 * 1024 * 1024;

/** Appends to a file of bounded size. */
export interface LogFile {
  write(line: string): void;
  close(): Promise<void>;
}

/** Opens a log to append to; its directory exists. What cannot be written is dropped: a full disk must not stop the services. */
export function openLogFile(file: string, maxBytes = MAX_BYTES): LogFile {
  rotateIfFull(file, maxBytes);
  let size = sizeOf(file);
  let stream = open(file);
  return {
    write(line) {
      size += Buffer.byteLength(line) + 1;
      if (size > maxBytes) {
        stream.end();
        renameSync(file, `${file}.1`);
        stream = open(file);
        size = 0;
      }
      stream.write(`${line}\n`);
    },
    close: () => new Promise((resolve) => stream.end(() => resolve())),
  };
}

/** Moves a log that has grown over the limit out of the way; for servers that open their log themselves. */
export function rotateIfFull(file: string, maxBytes = MAX_BYTES): void {
  if (sizeOf(file) > maxBytes) renameSync(file, `${file}.1`);
}

function open(file: string): WriteStream {
  return createWriteStream(file, { flags: 'a', mode: 0o600 }).on('error', () => {});
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
