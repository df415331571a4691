import { changeFrames, splitStack } from './stack-frames.ts';

const PAUSE_MS = 25;

/**
 * Calls `check` until it does not throw, and returns its result. After `timeoutMs` (default 15 s) it throws the last
 * error. The error's stack leads to the caller, so that a failed test shows the line of the test.
 */
export function eventually<Result>(
  check: () => Promise<Result> | Result,
  { timeoutMs = 15_000 }: { timeoutMs?: number } = {},
): Promise<Result> {
  // After the first pause, the stack of an error no longer has the caller.
  const caller = new Error();
  Error.captureStackTrace(caller, eventually);
  return repeat(check, timeoutMs).catch((error: unknown) => {
    changeFrames(error, (frames) => addCaller(frames, splitStack(caller).frames));
    throw error;
  });
}

async function repeat<Result>(check: () => Promise<Result> | Result, timeoutMs: number): Promise<Result> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Replaces the frames of this file by those of the caller. They come first when no other frame is in the caller's file. */
function addCaller(frames: readonly string[], caller: readonly string[]): string[] {
  const others = frames.filter((frame) => fileOf(frame) !== import.meta.filename);
  const file = fileOf(caller[0]);
  return others.some((frame) => fileOf(frame) === file) ? [...others, ...caller] : [...caller, ...others];
}

/** The file of a frame such as `at check (/project/x.ts:1:2)` or `at async /project/x.ts:1:2`. */
function fileOf(frame = ''): string | undefined {
  return /(?:at |async |\(|file:\/\/)(\/[^():]*):\d+:\d+\)?$/.exec(frame)?.[1];
}
