import { topology } from '@shop/contracts';
import { connectBroker } from '@shop/messaging';
import type { Stack } from '@shop/stack';

const HOW_MANY = 60;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Publishes the last messages of each stream once more, oldest first. Skips messages while the broker is away. */
export async function repeatMessages(stack: Stack): Promise<number> {
  const broker = await connectBroker({ url: stack.natsUrl('ops'), service: 'ops', topology, logger: silent });
  try {
    const { nats } = broker.link;
    if (!nats) return 0;
    const manager = await nats.jetstreamManager({ timeout: 2_000 });
    const stream = nats.jetstream({ timeout: 2_000 });
    let count = 0;
    for (const { name } of topology.streams) {
      const { first_seq: first, last_seq: last } = (await manager.streams.info(name)).state;
      for (let seq = Math.max(first, last - HOW_MANY + 1); seq <= last; seq += 1) {
        const message = await manager.streams.getMessage(name, { seq });
        await stream.publish(message.subject, message.data); // without its id, by which the broker would recognise it
        count += 1;
      }
    }
    return count;
  } finally {
    await broker.close();
  }
}
