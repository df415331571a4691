import type { SqlExecutor, Transact } from '../sql.ts';
import { groupEvents } from './group-events.ts';
import type { PreparedMessage } from './handlers.ts';
import { claimMessages } from './inbox.ts';

/** Where a consumer's messages have their effect. */
export interface Effects<Tx> {
  /** Durable name of the consumer. */
  readonly consumer: string;
  readonly transact: Transact<Tx>;
  readonly sql: (tx: Tx) => SqlExecutor;
}

/** Claims messages and handles them in one transaction: all of it happens, or nothing. Those that were handled before change nothing. */
export async function handleMessages<Tx>(
  { consumer, transact, sql }: Effects<Tx>,
  messages: readonly PreparedMessage<Tx>[],
): Promise<void> {
  const relevant = messages.filter(({ isRelevant }) => isRelevant);
  await transact(async (tx) => {
    const claimed = await claimMessages(
      sql(tx),
      consumer,
      relevant.map(({ event }) => event.id),
    );
    // A message may be here twice: the first one takes the claim.
    const unhandled = relevant.filter(({ event }) => claimed.delete(event.id));
    for (const { handler, events } of groupEvents(unhandled)) await handler.handle(events, tx);
  });
}
