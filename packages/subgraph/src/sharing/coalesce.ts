import { unavailable } from '@shop/graphql';
import { getCurrentTrace, runUntraced, startSharedWork, type SharedPart } from '@shop/messaging';

export interface CoalesceOptions {
  /** Of the call, in traces. */
  readonly name: string;
  /**
   * Maximum number of concurrent calls. A second call starts only with a full batch: a few large calls cost less than
   * many small ones.
   */
  readonly inFlight: number;
  /** Maximum number of items per call. */
  readonly batch: number;
  /** Maximum number of waiting items. Further items are rejected with SERVICE_UNAVAILABLE. */
  readonly waiting: number;
  /** Begins a call that may begin now, or a moment later, so that more items come into it. Default: at once. */
  readonly schedule?: (begin: () => void) => void;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly trace: SharedPart['parent'];
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Combines concurrent calls into shared ones: items that arrive while calls are running go together into the next
 * call. A single item does not wait.
 * `work` returns its results in the order of the items. An Error among the results is thrown to the caller of that
 * item only.
 */
export function coalesce<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly (Result | Error)[]>,
  { name, inFlight, batch, waiting, schedule = (begin) => begin() }: CoalesceOptions,
): (item: Item) => Promise<Result> {
  const queue: Waiting<Item, Result>[] = [];
  let running = 0;
  let isScheduled = false;
  const isDue = (others: number) => queue.length > 0 && (others === 0 || (others < inFlight && queue.length >= batch));

  async function run(taken: readonly Waiting<Item, Result>[]): Promise<void> {
    const spans = startSharedWork(
      name,
      taken.map(({ trace: parent }) => ({ parent, name })),
    );
    const call = () => work(taken.map(({ item }) => item));
    try {
      const results = await (spans === undefined ? runUntraced(call) : spans.run(call));
      spans?.end();
      taken.forEach(({ resolve, reject }, index) => {
        const result = results[index];
        if (result instanceof Error) reject(result);
        else resolve(result as Result);
      });
    } catch (error) {
      spans?.end(error);
      for (const { reject } of taken) reject(error);
    }
  }

  async function drain(): Promise<void> {
    running += 1;
    while (isDue(running - 1)) await run(queue.splice(0, batch));
    running -= 1;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (queue.length >= waiting) {
        reject(unavailable('Too much is waiting to be done; try again.'));
        return;
      }
      queue.push({ item, trace: getCurrentTrace(), resolve, reject });
      if (isScheduled || !isDue(running)) return;
      isScheduled = true;
      schedule(() => {
        isScheduled = false;
        void drain();
      });
    });
}
