import type { MessageOutcome, MessagingObserver } from '../observer.ts';
import type { DeliveredMessage } from './message.ts';

/** Reports the outcome of a message that could be read. */
export function observeMessage<Tx>(
  {
    observer,
    effects,
  }: { readonly observer?: MessagingObserver | undefined; readonly effects: { readonly consumer: string } },
  { event, delivery }: Pick<DeliveredMessage<Tx>, 'event' | 'delivery'>,
  outcome: MessageOutcome,
  seconds?: number,
): void {
  observer?.settled({
    consumer: effects.consumer,
    type: event.type,
    outcome,
    deliveries: delivery.deliveries,
    ageSeconds: Math.max(0, (Date.now() - event.time.getTime()) / 1_000),
    ...(seconds === undefined ? {} : { seconds }),
  });
}
