import type { ReceivedEvent } from '../event.ts';
import type { EventHandler } from './handlers.ts';
import type { Message } from './message.ts';

/** Events of one type that one call handles. */
export interface EventGroup<Tx> {
  readonly handler: EventHandler<Tx>;
  readonly events: readonly ReceivedEvent<unknown>[];
}

/**
 * Groups events so that few calls handle all of them and the order of each aggregate holds, if the groups are handled one after the
 * other. An event joins the earliest group of its type after the group that has the last event of its aggregate.
 */
export function groupEvents<Tx>(messages: readonly Pick<Message<Tx>, 'event' | 'handler'>[]): EventGroup<Tx>[] {
  const groups: { handler: EventHandler<Tx>; events: ReceivedEvent<unknown>[] }[] = [];
  const placesByType = new Map<string, number[]>();
  const lastPlaceByAggregate = new Map<string, number>();
  for (const { event, handler } of messages) {
    let places = placesByType.get(event.type);
    if (places === undefined) placesByType.set(event.type, (places = []));
    const last = lastPlaceByAggregate.get(event.subject) ?? -1;
    let place = places[countUpTo(places, last)];
    if (place === undefined) {
      place = groups.push({ handler, events: [] }) - 1;
      places.push(place);
    }
    groups[place]?.events.push(event);
    lastPlaceByAggregate.set(event.subject, place);
  }
  return groups;
}

/** Returns how many of the ascending numbers are not greater than `limit`. */
function countUpTo(numbers: readonly number[], limit: number): number {
  let [from, to] = [0, numbers.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((numbers[middle] as number) > limit) to = middle;
    else from = middle + 1;
  }
  return from;
}
