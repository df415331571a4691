import type { Consumer } from 'nats';
import type { Bell } from '../async/bell.ts';
import { StreamDelivery } from './delivery.ts';
import type { Delivery } from './delivery.ts';

export interface PullOptions {
  readonly accept: (delivery: Delivery) => void;
  /** Maximum number of deliveries to hold at a time. */
  readonly capacity: number;
  /** Returns the number of deliveries that are held. */
  readonly held: () => number;
  /** Rings when that number becomes smaller. */
  readonly settled: Bell;
  /** Aborts when the connection is lost that found the consumer. */
  readonly connection: AbortSignal;
  /** Ends the fetching. */
  readonly signal: AbortSignal;
}

const expiresMs = 10_000;

/**
 * Fetches messages while there is room for them, until the signal aborts or the connection is lost.
 *
 * @throws NatsError when the consumer or its stream no longer exists.
 */
export async function pull(
  consumer: Consumer,
  { accept, capacity, held, settled, connection, signal }: PullOptions,
): Promise<void> {
  const ending = AbortSignal.any([signal, connection]);
  while (!ending.aborted) {
    // Wait until half of the room is free: fetching each message alone would cost a round trip each.
    if (held() > capacity / 2) {
      await settled.wait(1_000, ending);
      continue;
    }
    const messages = await consumer.fetch({ max_messages: capacity - held(), expires: expiresMs });
    const end = (): void => void messages.close();
    ending.addEventListener('abort', end);
    if (ending.aborted) end();
    try {
      for await (const message of messages) accept(new StreamDelivery(message, connection));
    } finally {
      ending.removeEventListener('abort', end);
    }
  }
}
