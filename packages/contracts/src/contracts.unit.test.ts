import * as contracts from './index.ts';
import type { EventContract } from './index.ts';

const isEvent = (value: unknown): value is EventContract<unknown> =>
  typeof value === 'object' && value !== null && 'schema' in value && 'type' in value && 'source' in value;
const events = [
  ...(Object.values(contracts) as unknown[]).filter(isEvent),
  ...contracts.serviceNames.map(contracts.deadLetteredBy),
];
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

test('watches are of events that exist, on the stream that keeps them', () => {
  for (const { stream, subjects } of contracts.topology.watches) {
    const kept = contracts.topology.streams.find(({ name }) => name === stream)?.subjects ?? [];
    for (const subject of subjects) {
      expect(events.map(({ type }) => type)).toContain(subject);
      expect(kept.some((pattern) => covers(pattern, subject))).toBe(true);
    }
  }
});

test('an event keeps only the fields of its contract', () => {
  const data = { userId: '01a1f8de-1a73-7049-a5e7-9d72211f90da', role: 'CUSTOMER', email: 'ada@example.com' };
  expect(contracts.userCreated.parse(data)).toEqual({ userId: data.userId, role: 'CUSTOMER' });
  expect(() => contracts.userCreated.parse({ ...data, role: 'QUEEN' })).toThrow();
});

describe('the table of services', () => {
  const table: readonly [string, contracts.ServiceDefinition][] = Object.entries(contracts.services);
  const collectBy = <Value>(pick: (service: contracts.ServiceDefinition) => readonly Value[]) =>
    table.flatMap(([, service]) => pick(service));

  test('names can be used in environment variables, database names and subjects alike', () => {
    for (const [name] of table) expect(name).toMatch(/^[a-z][a-z0-9]*$/);
  });

  test('no two services share a port or a stream', () => {
    const ports = collectBy(({ port }) => [port]);
    expect(new Set(ports).size).toBe(ports.length);
    const streams = collectBy(({ publishes }) => [publishes.stream]);
    expect(new Set(streams).size).toBe(streams.length);
  });

  test('no subject belongs to two streams', () => {
    const subjects = collectBy(({ publishes }) => publishes.subjects);
    for (const subject of subjects) expect(subjects.filter((other) => covers(other, subject))).toEqual([subject]);
  });

  test('exactly one service issues tokens', () => {
    expect(table.filter(([, { issuesTokens }]) => issuesTokens).map(([name]) => name)).toEqual([contracts.tokenIssuer]);
  });

  test('a service follows events of others, under the name of their publisher and each once', () => {
    for (const [name, { follows }] of table)
      for (const [publisher, followed] of Object.entries(follows)) {
        expect(publisher).not.toBe(name);
        expect(contracts.serviceNames).toContain(publisher);
        expect(followed.map(({ source }) => source)).toEqual(followed.map(() => `/${publisher}`));
        expect(new Set(followed).size).toBe(followed.length);
      }
  });

  test('a service asks services that exist', () => {
    for (const { responder } of collectBy(({ asks }) => asks)) expect(contracts.serviceNames).toContain(responder);
  });
});
