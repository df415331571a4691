import { SubscriptionLimits } from './subscription-limits.ts';

const code = expect.objectContaining({
  extensions: expect.objectContaining({ code: 'TOO_MANY_SUBSCRIPTIONS' }),
}) as Error;

/** Ends all subscriptions that it began. */
function enterAll(limits: SubscriptionLimits, entries: readonly [client: string, connection: object][]) {
  return entries.map(([client, connection]) => limits.enter(client, connection));
}

test('a connection has no more subscriptions than it may have, and another one has its own', () => {
  const limits = new SubscriptionLimits({ perConnection: 2, perClient: 10, max: 10 });
  const [one, two] = [{}, {}];
  const [leave] = enterAll(limits, [
    ['a', one],
    ['a', one],
  ]);
  expect(() => limits.enter('a', one)).toThrow(code);
  expect(() => limits.enter('b', one)).toThrow('This connection has 2 subscriptions');
  limits.enter('a', two);
  leave?.();
  limits.enter('a', one);
  expect(limits.size).toBe(3);
});

test('a client has no more than it may have over all of its connections', () => {
  const limits = new SubscriptionLimits({ perConnection: 2, perClient: 2, max: 10 });
  const leaves = enterAll(limits, [
    ['a', {}],
    ['a', {}],
  ]);
  expect(() => limits.enter('a', {})).toThrow('You have 2 subscriptions');
  limits.enter('b', {});
  for (const leave of leaves) leave();
  expect([limits.size, limits.clients]).toEqual([1, 1]);
  limits.enter('a', {});
});

test('the process has no more than it may have, and 0 lets none in', () => {
  const limits = new SubscriptionLimits({ perConnection: 2, perClient: 2, max: 2 });
  const [leave] = enterAll(limits, [
    ['a', {}],
    ['b', {}],
  ]);
  expect(() => limits.enter('c', {})).toThrow('This gateway has 2 subscriptions');
  leave?.();
  limits.enter('c', {});
  expect(() => new SubscriptionLimits({ perConnection: 1, perClient: 1, max: 0 }).enter('a', {})).toThrow(code);
});

test('a refusal counts nothing, and an end counts once', () => {
  const limits = new SubscriptionLimits({ perConnection: 1, perClient: 5, max: 5 });
  const connection = {};
  const leave = limits.enter('a', connection);
  expect(() => limits.enter('a', connection)).toThrow(code);
  expect(limits.size).toBe(1);
  leave();
  leave();
  expect([limits.size, limits.clients]).toEqual([0, 0]);
  limits.enter('a', connection);
  expect(() => limits.enter('a', connection)).toThrow(code);
});
