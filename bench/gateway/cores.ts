import { execFileSync } from 'node:child_process';

/** The beginning of a command that keeps a program on one core; empty where the system cannot. */
export type Pin = readonly string[];

/** Two cores: one for the gateway, and one for subgraphs and load. Only Linux has `taskset`, and one core cannot be divided. */
export function findCores(): { gateway: Pin; rest: Pin; areSeparate: boolean } {
  const allowed = readAllowedCores();
  const [first, second] = allowed;
  if (first === undefined || second === undefined) return { gateway: [], rest: [], areSeparate: false };
  return { gateway: ['taskset', '-c', String(second)], rest: ['taskset', '-c', String(first)], areSeparate: true };
}

/** Keeps this process on the core of a pin. */
export function moveTo(pin: Pin): void {
  const core = pin.at(-1);
  if (core !== undefined) execFileSync('taskset', ['-acp', core, String(process.pid)], { stdio: 'ignore' });
}

function readAllowedCores(): number[] {
  let text: string;
  try {
    text = execFileSync('taskset', ['-cp', String(process.pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return [];
  }
  // "pid 7's current affinity list: 0,2-5"
  return (text.split(':').at(-1) ?? '').trim().split(',').flatMap(readRange);
}

function readRange(text: string): number[] {
  const [from = Number.NaN, to = from] = text.split('-').map(Number);
  return Number.isNaN(from) ? [] : Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
