import { median, quantile } from '../results/statistics.ts';
import type { Case } from './cases.ts';
import type { Work } from './count-work.ts';
import type { Endpoint, HttpLoad, LoadResult } from './http-load.ts';

/** A system with a catalogue of one size, ready to be measured. */
export interface Subject {
  readonly size: number;
  readonly cases: readonly Case[];
  /** Keyed by the case's name. */
  readonly work: ReadonlyMap<string, Work>;
  endpointOf(one: Case): Endpoint;
}

/** One kind of query at one size. */
export interface Measurement {
  readonly name: string;
  readonly size: number;
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** The factor between the duration at this size and at the smallest size. */
  readonly growth: number;
  readonly limit: number | undefined;
  /** SQL statements and calls of subgraphs for one request. */
  readonly statements: number;
  readonly calls: number;
}

const ROUNDS = 6;
const WARM_UP_MS = 400;

/**
 * In each round every kind of query runs at every size, one right after the other, so that other load on the machine
 * affects all of them equally. The sizes of one round are compared with each other. The results are medians over the
 * rounds.
 */
export async function measure(
  subjects: readonly Subject[],
  http: HttpLoad,
  seconds: number,
  onRound: (round: number, of: number) => void,
): Promise<Measurement[]> {
  const names = subjects[0]?.cases.map(({ name }) => name) ?? [];
  const results = new Map<string, LoadResult[]>();
  for (let round = 0; round <= ROUNDS; round += 1) {
    onRound(round, ROUNDS);
    for (const name of names) {
      // The direction alternates, so that no case always follows the same one.
      for (const subject of round % 2 === 0 ? subjects : [...subjects].reverse()) {
        const one = caseOf(subject, name);
        const result = await http.run(
          subject.endpointOf(one),
          one.bodies,
          round === 0 ? WARM_UP_MS : (seconds * 1_000) / ROUNDS,
        );
        if (round > 0) append(results, keyOf(name, subject.size), result);
      }
    }
  }
  return names.flatMap((name) => subjects.map((subject) => summarise(name, subject)));

  function summarise(name: string, subject: Subject): Measurement {
    const { size } = subject;
    const own = results.get(keyOf(name, size)) ?? [];
    const smallest = results.get(keyOf(name, subjects[0]?.size ?? size)) ?? [];
    return {
      name,
      size,
      statements: subject.work.get(name)?.statements.length ?? Number.NaN,
      calls: subject.work.get(name)?.calls ?? Number.NaN,
      requestsPerSecond: median(own.map((result) => result.requestsPerSecond)),
      p50: median(own.map(({ latencies }) => quantile(latencies, 0.5))),
      p99: median(own.map(({ latencies }) => quantile(latencies, 0.99))),
      growth: median(
        own.map((result, round) => (smallest[round]?.requestsPerSecond ?? Number.NaN) / result.requestsPerSecond),
      ),
      limit: caseOf(subject, name).limit,
    };
  }
}

const keyOf = (name: string, size: number): string => `${name}@${size}`;

function caseOf({ cases }: Subject, name: string): Case {
  const found = cases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no kind of query "${name}".`);
  return found;
}

function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
