export interface Progress {
  /** From 0 to 1; null where the end is not known. */
  readonly part: number | null;
  readonly done: number;
  readonly text: string;
}

/** What the person sees: results on standard output; on standard error, what goes on meanwhile. */
export interface Terminal {
  /** A line of the result. */
  say(line: string): void;
  /** A line of its own in between. */
  line(line: string): void;
  progress(progress: Progress): void;
  /** Takes the bar away. */
  finish(): void;
}

const EVERY_MS = 100;
const LINE_EVERY = 1_000;
const WIDTH = 24;

/** A bar on a terminal; elsewhere a line for each thousand. */
export function openTerminal(
  out: NodeJS.WritableStream,
  err: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number },
): Terminal {
  const isTerminal = err.isTTY === true;
  let drawnAt = 0;
  let isDrawn = false;
  const clear = () => {
    if (isDrawn) err.write('\r\u001b[K');
    isDrawn = false;
  };
  const draw = (progress: Progress) => {
    if (Date.now() - drawnAt < EVERY_MS) return;
    drawnAt = Date.now();
    clear();
    err.write(barOf(progress).slice(0, (err.columns ?? 80) - 1));
    isDrawn = true;
  };
  const print = (progress: Progress) => {
    if (progress.done % LINE_EVERY === 0) err.write(`${progress.done} rows: ${progress.text}\n`);
  };
  return {
    say: (line) => void out.write(`${line}\n`),
    line: (line) => {
      clear();
      err.write(`${line}\n`);
    },
    progress: isTerminal ? draw : print,
    finish: clear,
  };
}

export function barOf({ part, done, text }: Progress): string {
  if (part === null) return `${done} rows  ${text}`;
  const filled = Math.round(Math.min(1, Math.max(0, part)) * WIDTH);
  return `[${'='.repeat(filled)}${' '.repeat(WIDTH - filled)}] ${String(Math.floor(part * 100)).padStart(3)} %  ${text}`;
}
