import { poll } from '../src/process/poll.ts';

/** Repeats an expectation until it holds, for ten seconds at most; then it fails with what it said last. */
export async function eventually(expectation: () => Promise<void> | void, timeoutMs = 10_000): Promise<void> {
  let last: unknown;
  await poll(
    async () => {
      try {
        await expectation();
        return true;
      } catch (error) {
        last = error;
        return undefined;
      }
    },
    { timeoutMs, orElse: () => last as Error },
  );
}
