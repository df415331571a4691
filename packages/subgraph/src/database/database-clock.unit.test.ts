import { createLogger } from '@shop/process';
import { eventually } from '@shop/testing';
import { startDatabaseClock } from './database-clock.ts';

const second = 1_000;
const start = Date.parse('2026-11-27T12:00:00Z');

/** A process whose host's clock and database's clock the test sets. A query takes `roundTripMs` of steady time. */
function world(options: { databaseAheadMs: number; roundTripMs?: number; everyMs?: number }) {
  const lines: { differenceMs?: number; msg?: string }[] = [];
  const state = {
    steadyMs: 500,
    wallStepMs: 0,
    databaseStepMs: options.databaseAheadMs,
    roundTripMs: options.roundTripMs ?? 0,
    isAway: false,
    queries: 0,
  };
  const steady = (): number => state.steadyMs;
  const wall = (): number => start + state.steadyMs + state.wallStepMs;
  const sql = {
    async query<Row>(): Promise<Row[]> {
      state.queries += 1;
      if (state.isAway) throw new Error('away');
      state.steadyMs += state.roundTripMs / 2;
      const ms = start + state.steadyMs + state.databaseStepMs;
      state.steadyMs += state.roundTripMs / 2;
      return [{ ms }] as Row[];
    },
  };
  const logger = createLogger({
    service: 'test',
    destination: { write: (line) => void lines.push(JSON.parse(line) as object) },
  });
  const open = () => startDatabaseClock({ sql, logger, steady, wall, everyMs: options.everyMs ?? 3_600_000 });
  return { state, lines, open, databaseTime: () => new Date(start + state.steadyMs + state.databaseStepMs) };
}

test('follows the database, however far the clock of the host is away', async () => {
  const { state, lines, open, databaseTime } = world({ databaseAheadMs: -300 * second, roundTripMs: 40 });
  const clock = await open();
  expect(clock.now()).toEqual(databaseTime());
  expect(clock.readDifference()).toBe(300 * second);
  state.steadyMs += 60 * second;
  expect(clock.now()).toEqual(databaseTime());
  expect(lines).toMatchObject([{ level: 'warn', differenceMs: 300 * second }]);
  await clock.stop();
});

test('a step of the host’s clock changes nothing', async () => {
  const { state, open, databaseTime } = world({ databaseAheadMs: 0 });
  const clock = await open();
  state.wallStepMs = 3_600 * second;
  expect(clock.now()).toEqual(databaseTime());
  expect(clock.readDifference()).toBe(3_600 * second);
  await clock.stop();
});

test('a step of the database’s clock is followed at the next measurement', async () => {
  const { state, open, databaseTime } = world({ databaseAheadMs: 0, everyMs: 1 });
  const clock = await open();
  state.databaseStepMs = -90 * second;
  await eventually(() => expect(clock.now()).toEqual(databaseTime()));
  await clock.stop();
});

test('while the database was never reached, it is the time of the host', async () => {
  const { state, open } = world({ databaseAheadMs: 60 * second });
  state.isAway = true;
  const clock = await open();
  expect(clock.now()).toEqual(new Date(start + 500));
  expect(clock.readDifference()).toBeUndefined();
  await clock.stop();
});

test('keeps the last measurement while the database is away or slow', async () => {
  const { state, open, databaseTime } = world({ databaseAheadMs: 60 * second, everyMs: 1 });
  const clock = await open();
  state.isAway = true;
  const { queries } = state;
  await eventually(() => expect(state.queries).toBeGreaterThan(queries));
  expect(clock.now()).toEqual(databaseTime());
  await clock.stop();

  const slow = world({ databaseAheadMs: 60 * second, roundTripMs: 2 * second });
  const other = await slow.open();
  expect(other.readDifference()).toBeUndefined();
  await other.stop();
});

test('a small difference is not logged', async () => {
  const { lines, open } = world({ databaseAheadMs: 4 * second });
  const clock = await open();
  expect(clock.readDifference()).toBe(-4 * second);
  expect(lines).toEqual([]);
  await clock.stop();
});
