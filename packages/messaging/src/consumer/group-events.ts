import type { ReceivedEvent } from '../event.ts';
import type { EventHandler } from './handlers.ts';

/** Events of one type that are handled by one call. */
export interface EventGroup<Tx> {
  readonly handler: EventHandler<Tx>;
  readonly events: readonly ReceivedEvent<unknown>[];
}

/**
 * Groups events, so that handling the groups one after the other keeps the order of each aggregate with few calls: each event joins
 * the earliest group of its type that comes after the group that its aggregate was last in.
 */
export function groupEvents<Tx>(
  messages: readonly { readonly event: ReceivedEvent<unknown>; readonly handler: EventHandler<Tx> }[],
): EventGroup<Tx>[] {
  const groups: { handler: EventHandler<Tx>; events: ReceivedEvent<unknown>[] }[] = [];
  const placesOfType = new Map<string, number[]>();
  const lastPlaceOf = new Map<string, number>();
  for (const { event, handler } of messages) {
    const places = placesOfType.get(event.type) ?? [];
    const last = lastPlaceOf.get(event.subject) ?? -1;
    let place = places.find((candidate) => candidate > last);
    if (place === undefined) {
      place = groups.push({ handler, events: [] }) - 1;
      placesOfType.set(event.type, [...places, place]);
    }
    groups[place]?.events.push(event);
    lastPlaceOf.set(event.subject, place);
  }
  return groups;
}
