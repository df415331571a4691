import { jest } from '@jest/globals';
import type { ProcessExit } from '../src/process/child-process.ts';
import { type Running, supervise } from '../src/process/supervise.ts';

/** A process that ends when the test says so. */
interface Puppet extends Running {
  die(exit?: ProcessExit): void;
  readonly wasStopped: () => boolean;
}

function puppet(pid: number): Puppet {
  let settle: (exit: ProcessExit) => void = () => {};
  let stopped = false;
  const exited = new Promise<ProcessExit>((resolve) => (settle = resolve));
  const die = (exit: ProcessExit = { code: 1, signal: null }): void => settle(exit);
  return {
    pid,
    exited,
    die,
    wasStopped: () => stopped,
    kill: () => die(),
    stop: async () => ((stopped = true), die()),
  };
}

let lines: string[];
let puppets: Puppet[];
let failing: boolean;

beforeEach(() => {
  jest.useFakeTimers();
  lines = [];
  puppets = [];
  failing = false;
});
afterEach(() => jest.useRealTimers());

const make = () =>
  supervise({
    name: 'order',
    report: (line) => lines.push(line),
    launch: async () => {
      if (failing) throw new Error('no');
      puppets.push(puppet(puppets.length + 1));
      return puppets.at(-1) as Puppet;
    },
  });

const settle = () => jest.advanceTimersByTimeAsync(0);
const pauses = () => lines.map((line) => /again in ([\d.]+) s$/.exec(line)?.[1]);

test('the pause doubles with each death, up to 5 seconds', async () => {
  await make().start();
  for (let death = 0; death < 9; death += 1) {
    puppets.at(-1)?.die();
    await jest.advanceTimersByTimeAsync(5_000);
  }
  expect(pauses()).toEqual(['0.1', '0.2', '0.4', '0.8', '1.6', '3.2', '5', '5', '5']);
  expect(lines[0]).toBe('order stopped unexpectedly (exit code 1); starting it again in 0.1 s');
});

test('the first pause applies again after ten seconds of life, even when the clock of the host is set meanwhile', async () => {
  await make().start();
  puppets.at(-1)?.die();
  await jest.advanceTimersByTimeAsync(100);
  await jest.advanceTimersByTimeAsync(9_999);
  puppets.at(-1)?.die();
  await jest.advanceTimersByTimeAsync(1_000);
  await jest.advanceTimersByTimeAsync(10_000);
  jest.setSystemTime(Date.now() - 3_600_000);
  puppets.at(-1)?.die();
  await settle();
  expect(pauses()).toEqual(['0.1', '0.2', '0.1']);
});

test('the first start that fails rejects, and a later one is followed by a longer pause', async () => {
  failing = true;
  const supervised = make();
  await expect(supervised.start()).rejects.toThrow('no');
  await jest.advanceTimersByTimeAsync(10_000);
  expect(lines).toEqual([]);

  failing = false;
  await supervised.start();
  failing = true;
  puppets.at(-1)?.die({ code: null, signal: 'SIGKILL' });
  await jest.advanceTimersByTimeAsync(100);
  expect(lines).toEqual([
    'order stopped unexpectedly (signal SIGKILL); starting it again in 0.1 s',
    'order did not start: no; starting it again in 0.2 s',
  ]);
});

test('a stopped process stays stopped, also during a pause', async () => {
  const supervised = make();
  await supervised.start();
  expect(supervised.pid).toBe(1);
  await supervised.stop();
  expect([supervised.pid, puppets[0]?.wasStopped()]).toEqual([null, true]);
  await supervised.start();
  puppets.at(-1)?.die();
  await settle();
  await supervised.stop();
  await jest.advanceTimersByTimeAsync(10_000);
  expect(puppets).toHaveLength(2);
});

test('stopping during a start waits for the process and stops it', async () => {
  const supervised = make();
  const starting = supervised.start();
  await Promise.all([starting, supervised.stop()]);
  expect(puppets.map((it) => it.wasStopped())).toEqual([true]);
  expect(lines).toEqual([]);
});

test('a signal reaches a process that is still starting', async () => {
  let isReady: (running: Running) => void = () => {};
  const child = puppet(7);
  const signals: NodeJS.Signals[] = [];
  const supervised = supervise({
    name: 'order',
    report: (line) => lines.push(line),
    launch: (onSpawned) => {
      onSpawned({ pid: 7, kill: (signal) => signals.push(signal) });
      return new Promise((resolve) => (isReady = resolve));
    },
  });
  const starting = supervised.start();
  expect(supervised.pid).toBe(7);
  supervised.kill('SIGKILL');
  expect(signals).toEqual(['SIGKILL']);

  isReady(child);
  await starting;
  child.die();
  await settle();
  expect(supervised.pid).toBeNull();
});

test('the pauses can be set', async () => {
  const supervised = supervise({
    name: 'order',
    firstPauseMs: 10,
    longestPauseMs: 30,
    report: (line) => lines.push(line),
    launch: async () => (puppets.push(puppet(puppets.length + 1)), puppets.at(-1) as Puppet),
  });
  await supervised.start();
  for (let death = 0; death < 4; death += 1) {
    puppets.at(-1)?.die();
    await jest.advanceTimersByTimeAsync(30);
  }
  expect(pauses()).toEqual(['0.01', '0.02', '0.03', '0.03']);
});
