import * as contracts from './index.ts';
import type { EventContract } from './index.ts';

const isEvent = (value: unknown): value is EventContract<unknown> =>
  typeof value === 'object' && value !== null && 'schema' in value && 'type' in value && 'source' in value;
const events = (Object.values(contracts) as unknown[]).filter(isEvent);
const covers = (subject: string, type: string) =>
  subject === type || (subject.endsWith('>') && type.startsWith(subject.slice(0, -1)));

test('there are events', () => {
  expect(events.length).toBeGreaterThanOrEqual(9);
});

test.each(events.map((event) => [event.type, event] as const))(
  '%s is kept by the stream of its publisher, and by no other',
  (type, event) => {
    const keepers = contracts.topology.streams.filter(({ subjects }) =>
      subjects.some((subject) => covers(subject, type)),
    );
    expect(keepers.map(({ publisher }) => `/${publisher}`)).toEqual([event.source]);
  },
);

test('consumers follow events that exist, on the stream that keeps them', () => {
  for (const { stream, subjects } of contracts.topology.consumers) {
    const kept = contracts.topology.streams.find(({ name }) => name === stream)?.subjects ?? [];
    for (const subject of subjects) {
      expect(events.map(({ type }) => type)).toContain(subject);
      expect(kept.some((pattern) => covers(pattern, subject))).toBe(true);
    }
  }
});

test('an event keeps only what its contract names', () => {
  const data = { userId: '01a1f8de-1a73-7049-a5e7-9d72211f90da', role: 'CUSTOMER', email: 'ada@example.com' };
  expect(contracts.userCreated.parse(data)).toEqual({ userId: data.userId, role: 'CUSTOMER' });
  expect(() => contracts.userCreated.parse({ ...data, role: 'QUEEN' })).toThrow();
});
