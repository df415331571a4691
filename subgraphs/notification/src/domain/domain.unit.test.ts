import { describeFailure } from './describe-failure.ts';
import { createLink } from './links.ts';
import { channelsOf, listTopics, matchLocale, presetPreferences, withoutChannel } from './preferences.ts';
import { planRetry, presetRetries } from './retry.ts';
import { decideLevel, type StockLevel } from './stock-level.ts';

describe('retries', () => {
  const policy = { firstMs: 100, maxMs: 1_000, attempts: 6 };

  test('the pause doubles up to its longest, and ends with the tries', () => {
    expect([1, 2, 3, 4, 5, 6].map((attempts) => planRetry(attempts, policy, 0))).toEqual([
      100,
      200,
      400,
      800,
      1_000,
      null,
    ]);
  });

  test('chance shortens a pause by up to a quarter', () => {
    expect(planRetry(1, policy, 1)).toBe(75);
  });

  test('a server may be away for a day', () => {
    const pauses = Array.from({ length: presetRetries.attempts - 1 }, (_, index) =>
      Number(planRetry(index + 1, presetRetries, 1)),
    );
    const hours = pauses.reduce((sum, pauseMs) => sum + pauseMs, 0) / 3_600_000;
    expect(hours).toBeGreaterThan(17);
  });
});

describe('stock levels', () => {
  const threshold = 4; // low at 4, and until 6
  const unknown: StockLevel = { productId: 'p', sequence: -1, isLow: false };

  /** The sequences at which reports of `[sequence, available]` cross the threshold. */
  function cross(...reports: readonly (readonly [number, number])[]): number[] {
    let level = unknown;
    return reports.flatMap(([sequence, available]) => {
      const decision = decideLevel(level, { productId: 'p', sequence, available }, threshold);
      level = decision?.level ?? level;
      return decision?.isCrossing ? [sequence] : [];
    });
  }

  test.each<[string, number[], ...[number, number][]]>([
    ['a new product without stock', [], [0, 0], [1, 3]],
    ['a new product with little stock that sells', [], [1, 3], [2, 2]],
    ['stock that sinks to the threshold', [3], [1, 9], [2, 5], [3, 4]],
    ['stock that goes up and down around the threshold', [2], [1, 9], [2, 4], [3, 5], [4, 4], [5, 5], [6, 3]],
    ['stock that recovers and sinks again', [2, 4], [1, 9], [2, 4], [3, 6], [4, 4]],
    ['a late report of low stock', [], [1, 9], [3, 8], [2, 1]],
    ['a repeated report', [2], [1, 9], [2, 4], [2, 4]],
    ['the first report of a product that is old', [7], [7, 2], [8, 1]],
  ])('%s', (_name, crossings, ...reports) => {
    expect(cross(...reports)).toEqual(crossings);
  });

  test('a threshold of 0 reports nothing', () => {
    const decision = decideLevel({ ...unknown, sequence: 1 }, { productId: 'p', sequence: 2, available: 0 }, 0);
    expect(decision).toMatchObject({ isCrossing: false, level: { isLow: false } });
  });
});

describe('preferences', () => {
  test('every topic goes by e-mail by default', () => {
    expect(listTopics(presetPreferences).map(({ channels }) => channels)).toEqual(Array(4).fill(['EMAIL']));
  });

  test('the account topic cannot be turned off, whatever is stored', () => {
    expect(channelsOf({ locale: null, channels: { ACCOUNT: ['SMS'] } }, 'ACCOUNT')).toEqual(['EMAIL', 'SMS']);
    expect(withoutChannel(presetPreferences, 'ACCOUNT', 'EMAIL')).toEqual(presetPreferences);
  });

  test('a channel is taken from one topic only', () => {
    const left = withoutChannel({ locale: 'de', channels: { ORDERS: ['EMAIL', 'SMS'] } }, 'ORDERS', 'EMAIL');
    expect(left).toEqual({ locale: 'de', channels: { ORDERS: ['SMS'] } });
    expect(channelsOf(left, 'TASKS')).toEqual(['EMAIL']);
  });

  test.each([
    ['de', 'de'],
    ['de-AT', 'de'],
    ['en-GB', 'en'],
    ['fr', null],
    ['not a tag', null],
    ['', null],
  ])('the templates for %j are %j', (tag, expected) => {
    expect(matchLocale(tag, ['en', 'de'])).toBe(expected);
  });
});

test.each([
  ['550 5.1.1 <ada@example.com>: no such user', '550 5.1.1 …: no such user'],
  ['Blocked, see https://example.com/?token=abc for help', 'Blocked, see … for help'],
  ['refused\r\nfor "ada.l@example.com"', 'refused for "…"'],
  ['no route to +49 170 1234567', 'no route to …'],
  ['451 4.7.1 try again in 300 seconds', '451 4.7.1 try again in 300 seconds'],
])('an error %j is stored as %j', (text, expected) => {
  expect(describeFailure(text)).toBe(expected);
});

test('an error is stored with 300 characters at most', () => {
  expect(describeFailure('x'.repeat(1_000))).toHaveLength(300);
});

test.each([
  ['https://shop.example', 'https://shop.example/reset-password?token=a%2Bb'],
  ['https://shop.example/de/', 'https://shop.example/de/reset-password?token=a%2Bb'],
])('a link below %s', (base, expected) => {
  expect(createLink(base, 'RESET_PASSWORD', 'a+b')).toBe(expected);
});
