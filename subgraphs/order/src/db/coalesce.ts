import { unavailable } from '@shop/graphql';

export interface CoalesceOptions {
  /** Most calls of the work that run at a time. One beside another begins only when it is full: few big calls cost less than many small ones. */
  readonly inFlight: number;
  /** Most items of one call. */
  readonly batch: number;
  /** Most items that wait; one that comes beyond is refused with SERVICE_UNAVAILABLE. */
  readonly waiting: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets callers that come at the same time share one piece of work: what comes while earlier calls run goes together into
 * the next one. A lone item waits for nothing. The work answers its items in their order; an Error among the answers is
 * thrown to that item's caller only.
 */
export function coalesce<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly (Result | Error)[]>,
  { inFlight, batch, waiting }: CoalesceOptions,
): (item: Item) => Promise<Result> {
  const queue: Waiting<Item, Result>[] = [];
  let running = 0;
  const isDue = (others: number) => queue.length > 0 && (others === 0 || (others < inFlight && queue.length >= batch));

  async function run(taken: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await work(taken.map(({ item }) => item));
      taken.forEach(({ resolve, reject }, index) => {
        const result = results[index];
        if (result instanceof Error) reject(result);
        else resolve(result as Result);
      });
    } catch (error) {
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
      queue.push({ item, resolve, reject });
      if (isDue(running)) void drain();
    });
}
