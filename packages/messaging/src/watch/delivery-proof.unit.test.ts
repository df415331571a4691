import { jest } from '@jest/globals';
import { DeliveryProof } from './delivery-proof.ts';

const stopping = new AbortController();
afterAll(() => stopping.abort());
beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function open(answer: () => Promise<boolean>) {
  const asked: number[] = [];
  const ask = (): Promise<boolean> => {
    asked.push(performance.now());
    return answer();
  };
  const proof = new DeliveryProof({ ask, everyMs: 300, restAfterMs: 10_000, signal: stopping.signal });
  return { proof, asked, passes: (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds) };
}

test('the first answer is no, and the broker is asked at once', async () => {
  const { proof, asked, passes } = open(() => Promise.resolve(true));
  await passes(60_000);
  expect(asked).toHaveLength(0);
  expect(proof.isYoungerThan(900)).toBe(false);
  await passes(0);
  expect(proof.isYoungerThan(900)).toBe(true);
  expect(asked).toHaveLength(1);
});

test('it goes on asking for ten seconds after the last wish to know', async () => {
  const { proof, asked, passes } = open(() => Promise.resolve(true));
  proof.isYoungerThan(900);
  await passes(5_000);
  expect(proof.isYoungerThan(900)).toBe(true);
  await passes(9_900);
  expect(proof.isYoungerThan(900)).toBe(true);
  await passes(10_300);
  const before = asked.length;
  await passes(60_000);
  expect(asked).toHaveLength(before);
  expect(proof.isYoungerThan(900)).toBe(false);
});

test('an answer proves what the broker had when it was asked, not what it has when the answer comes', async () => {
  const { proof, passes } = open(() => new Promise((resolve) => setTimeout(resolve, 800, true)));
  proof.isYoungerThan(900);
  await passes(850);
  expect(proof.isYoungerThan(900)).toBe(true);
  await passes(100);
  expect(proof.isYoungerThan(900)).toBe(false);
});

test('a broker that has not delivered all proves nothing, and a message does', async () => {
  const { proof, passes } = open(() => Promise.resolve(false));
  proof.isYoungerThan(900);
  await passes(2_000);
  expect(proof.isYoungerThan(900)).toBe(false);
  proof.note();
  expect(proof.isYoungerThan(900)).toBe(true);
  await passes(900);
  expect(proof.isYoungerThan(900)).toBe(false);
});
