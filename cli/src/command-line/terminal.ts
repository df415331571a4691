import { MultiBar } from 'cli-progress';

export interface Progress {
  /** From 0 to 1; null when the end is unknown. */
  readonly part: number | null;
  readonly text: string;
}

/** The output for a person: results on standard output, everything else on standard error. */
export interface Terminal {
  /** Prints a line of the result. */
  print(line: string): void;
  /** Prints a line for the person at the terminal. */
  note(line: string): void;
  /** Draws the progress bar. Draws nothing when standard error is not a terminal. */
  progress(progress: Progress): void;
  /** Removes the progress bar. */
  finish(): void;
}

/** A stream of the process. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

const STEPS = 1_000;

export function openTerminal(out: Output, err: Output): Terminal {
  let bars: MultiBar | null = null;
  const start = () => {
    bars = new MultiBar({
      stream: err,
      format: (_options, { progress }, { part, text }: Progress) =>
        part === null ? text : `[${barText(progress)}] ${String(Math.floor(progress * 100)).padStart(3)} %  ${text}`,
      clearOnComplete: true,
      hideCursor: true,
      forceRedraw: true,
    });
    return bars.create(STEPS, 0, { part: 0, text: '' } satisfies Progress);
  };
  let bar: ReturnType<typeof start> | null = null;
  return {
    print: (line) => void out.write(`${line}\n`),
    note(line) {
      // The library writes the line above the bar when it draws next.
      if (bars === null) err.write(`${line}\n`);
      else bars.log(`${line}\n`);
    },
    progress(progress) {
      if (err.isTTY !== true) return;
      bar ??= start();
      bar.update(Math.round(Math.min(1, Math.max(0, progress.part ?? 0)) * STEPS), progress);
    },
    finish() {
      bars?.update();
      bars?.stop();
      bars = null;
      bar = null;
    },
  };
}

const WIDTH = 24;

function barText(progress: number): string {
  const filled = Math.round(progress * WIDTH);
  return '='.repeat(filled) + ' '.repeat(WIDTH - filled);
}
