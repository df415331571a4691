import { jest } from '@jest/globals';
import { outboxSequenceHeader } from '../topology.ts';
import { StreamProgress } from './stream-progress.ts';

afterEach(() => jest.restoreAllMocks());

/** Makes the clock go on by one millisecond whenever it is read. */
function tickingClock(): void {
  let now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => ++now);
}

const places = Array.from({ length: 700 }, (_, n) => BigInt(n + 1));

test('one comparison has one answer for all events that the stream has not come to', () => {
  tickingClock();
  const progress = new StreamProgress(300);
  for (let comparison = 0; comparison < 400; comparison += 1) {
    const mayCome = progress.expected();
    expect(new Set(places.map(mayCome)).size).toBe(1);
  }
});

test('a stream that delivers may deliver what is newer, and an idle one nothing', () => {
  tickingClock();
  const progress = new StreamProgress(300);
  progress.note({ [outboxSequenceHeader]: '500' });
  const mayCome = progress.expected();
  expect(places.filter((place) => mayCome(place))).toEqual(places.filter((place) => place > 500n));
  while (!progress.isIdle());
  expect(places.filter(progress.expected())).toEqual([]);
});
