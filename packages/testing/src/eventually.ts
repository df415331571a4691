import { changeFrames, splitStack } from './stack-frames.ts';

/** A check that waits for long asks less often: each question costs time of the processors that it waits for. */
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS, GROWTH] = [20, 250, 1.3];
/** After a question that took long, the pause is so many times as long, but not longer than this. */
const [PAUSE_FACTOR, LONGEST_REST_MS] = [2, 2_000];

/**
 * Calls `check` until it does not throw, and returns its result. After `timeoutMs` (default 90 s) it throws the last
 * error. The error's stack leads to the caller, so that a failed test shows the line of the test.
 */
export function eventually<Result>(
  check: () => Promise<Result> | Result,
  { timeoutMs = 90_000 }: { timeoutMs?: number } = {},
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
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * GROWTH, LONGEST_PAUSE_MS)) {
    const asked = performance.now();
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    const tookMs = performance.now() - asked;
    const restMs = Math.max(pauseMs, Math.min(PAUSE_FACTOR * tookMs, LONGEST_REST_MS));
    await new Promise((resolve) => setTimeout(resolve, restMs));
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
