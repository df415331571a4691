const FRAME = /^\s+at .+/;

/** The message and the frames of an error's stack, innermost first. */
export function splitStack({ stack = '' }: Pick<Error, 'stack'>): { message: string[]; frames: string[] } {
  const lines = stack.split('\n');
  // The frames are the last block. The message may contain lines that look like frames.
  const first = lines.findLastIndex((line) => !FRAME.test(line)) + 1;
  return { message: lines.slice(0, first), frames: lines.slice(first) };
}

/** Changes the frames of an error's stack. A value without a stack stays as it is. */
export function changeFrames(error: unknown, change: (frames: readonly string[]) => readonly string[]): void {
  // Not instanceof: an error of Node's own modules has another class than those of a Jest test.
  if (typeof error !== 'object' || error === null || !('stack' in error) || typeof error.stack !== 'string') return;
  const { message, frames } = splitStack({ stack: error.stack });
  error.stack = [...message, ...change(frames)].join('\n');
}
