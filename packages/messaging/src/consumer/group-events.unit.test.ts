import type { ReceivedEvent } from '../event.ts';
import { groupEvents } from './group-events.ts';
import { on } from './handlers.ts';

const handlerOf = (type: string) => on({ type, source: '/test', parse: (data) => data }, async () => {});
/** Creates a message from its type and aggregate, for example `created a`. */
const message = (text: string, place = 0) => {
  const [type = '', subject = ''] = text.split(' ');
  return { event: { type, subject, id: `${place}` } as ReceivedEvent<unknown>, handler: handlerOf(type) };
};
const grouped = (...texts: string[]): string[] =>
  groupEvents(texts.map(message)).map(
    ({ handler, events }) => `${handler.type}: ${events.map(({ subject }) => subject).join(' ')}`,
  );

test('groups events of one type and different aggregates in their order', () => {
  expect(grouped('created a', 'created b', 'created c')).toEqual(['created: a b c']);
  expect(grouped()).toEqual([]);
});

test('adds an event to the earliest group of its type after the last group of its aggregate', () => {
  expect(grouped('created a', 'cancelled a', 'created b', 'cancelled b', 'created c')).toEqual([
    'created: a b c',
    'cancelled: a b',
  ]);
  expect(grouped('created a', 'cancelled a', 'created a', 'created b', 'cancelled b')).toEqual([
    'created: a b',
    'cancelled: a b',
    'created: a',
  ]);
});

test('puts two events of one aggregate in different groups, even of one type', () => {
  expect(grouped('updated a', 'updated a', 'updated b', 'updated b', 'updated a')).toEqual([
    'updated: a b',
    'updated: a b',
    'updated: a',
  ]);
});

test('keeps the order of each aggregate, and has each aggregate once in a group', () => {
  let seed = 1;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 200; round += 1) {
    const messages = Array.from({ length: 60 }, (_, place) =>
      message(`type-${random(3)} aggregate-${random(1 + (round % 20))}`, place),
    );
    const groups = groupEvents(messages);
    for (const { handler, events } of groups) {
      expect(new Set(events.map(({ subject }) => subject)).size).toBe(events.length);
      expect(events.every(({ type }) => type === handler.type)).toBe(true);
    }
    const handled = groups.flatMap(({ events }) => events);
    for (const {
      event: { subject },
    } of messages) {
      const own = messages.map(({ event }) => event).filter((event) => event.subject === subject);
      expect(handled.filter((event) => event.subject === subject)).toEqual(own);
    }
    expect(handled).toHaveLength(messages.length);
  }
});

test('groups a batch of one aggregate in groups of one event', () => {
  const messages = Array.from({ length: 5_000 }, (_, place) => message(`type-${place % 2} a`, place));
  expect(groupEvents(messages)).toHaveLength(5_000);
});
