import { poll } from '../src/process/poll.ts';

/** Repeats an expectation until it holds. After `timeoutMs` it fails with the last error. */
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
