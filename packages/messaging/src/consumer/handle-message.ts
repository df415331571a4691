import type { SqlExecutor, Transact } from '../sql.ts';
import { claimMessage } from './inbox.ts';
import type { PreparedMessage } from './handlers.ts';

/** Where a consumer's messages have their effect. */
export interface Effects<Tx> {
  /** Durable name of the consumer. */
  readonly consumer: string;
  readonly transact: Transact<Tx>;
  readonly sql: (tx: Tx) => SqlExecutor;
}

/** Claims a message and runs its handler in one transaction: both happen, or neither. A message that was handled before changes nothing. */
export async function handleMessage<Tx>({ consumer, transact, sql }: Effects<Tx>, message: PreparedMessage<Tx>): Promise<void> {
  await transact(async (tx) => {
    if (await claimMessage(sql(tx), consumer, message.event.id)) await message.run(tx);
  });
}
