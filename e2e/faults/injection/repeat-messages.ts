import { topology } from '@shop/contracts';
import { connectBroker } from '@shop/messaging';
import type { Stack } from '@shop/stack';

const HOW_MANY = 60;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** On a busy machine the broker answers late. */
const timeout = 10_000;

/** Publishes the last messages of each stream once more, oldest first. Returns their number, also when the broker goes away between. */
export async function repeatMessages(stack: Stack): Promise<number> {
  const broker = await connectBroker({ url: stack.natsUrl('ops'), service: 'ops', topology, logger: silent });
  let count = 0;
  try {
    const nats = await broker.link.whenUp(AbortSignal.timeout(timeout));
    if (!nats) return 0;
    const manager = await nats.jetstreamManager({ timeout });
    const stream = nats.jetstream({ timeout });
    for (const { name } of topology.streams) {
      // A service that has published nothing yet has no stream.
      const info = await manager.streams.info(name).catch(() => null);
      if (info === null) continue;
      const { first_seq: first, last_seq: last } = info.state;
      for (let seq = Math.max(1, first, last - HOW_MANY + 1); seq <= last; seq += 1) {
        const message = await manager.streams.getMessage(name, { seq });
        await stream.publish(message.subject, message.data); // without its id, by which the broker would recognise it
        count += 1;
      }
    }
    return count;
  } catch {
    return count; // the broker is away
  } finally {
    await broker.close();
  }
}
