import { MalformedMessage, parseEnvelope, toEnvelope } from './envelope.ts';
import { newEvent } from './event.ts';

const definition = {
  type: 'shop.order.created.v1',
  source: '/order',
  parse(data: unknown) {
    if (typeof (data as { total?: unknown }).total !== 'number') throw new Error('no total');
    return data as { total: number };
  },
};
const bytes = (envelope: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(envelope));

test('an event has a time-ordered id and survives a round trip through its envelope', () => {
  const event = newEvent(definition, { aggregateId: 'order-1', data: { total: 5 } });
  expect(event.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  expect(parseEnvelope(bytes(toEnvelope(event)), { traceparent: 'x' })).toEqual({
    ...event,
    headers: { traceparent: 'x' },
  });
});

test('rejects an event with malformed data when it is created', () => {
  expect(() => newEvent(definition, { aggregateId: 'order-1', data: {} as { total: number } })).toThrow('no total');
});

const good = toEnvelope(newEvent(definition, { aggregateId: 'order-1', data: { total: 5 } })) as Record<
  string,
  unknown
>;

test('reads ids without regard to case', () => {
  expect(parseEnvelope(bytes({ ...good, id: String(good['id']).toUpperCase() }), {}).id).toBe(good['id']);
});

test.each([
  ['specversion', '0.3'],
  ['id', 'order-1'],
  ['id', undefined],
  ['type', ''],
  ['source', 5],
  ['subject', null],
  ['time', 'yesterday'],
])('an envelope with %s %p is malformed', (name, value) => {
  expect(() => parseEnvelope(bytes({ ...good, [name]: value }), {})).toThrow(MalformedMessage);
});
