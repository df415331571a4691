import { readFileSync } from 'node:fs';
import { testHive } from '../../../../test/hive-planner.ts';
import type { Answer, Graph } from '../../test/graph.ts';

/** An operation and its right answer. */
export interface Case {
  /** Starts with the number of the trap. */
  readonly title: string;
  readonly operation: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** The data in the order of their fields; or the JSON text, where JavaScript would change it. */
  readonly data: unknown;
  /** `path: message`, in any order. Default: none. */
  readonly errors?: readonly string[];
  /** The subgraphs that are called, in this order. Default: not checked. */
  readonly calls?: readonly string[];
  /** The same in batches. */
  readonly callsInBatches?: readonly string[];
  /** The representations that a subgraph gets, call by call. Default: not checked. */
  readonly sent?: Readonly<Record<string, readonly unknown[]>>;
}

/** The answers of stock `@apollo/gateway` that are not the right ones, by the title of their case. Long ones are in parts. */
const listed = JSON.parse(readFileSync(new URL('./stock-answers.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, string | readonly string[]>
>;
const findStockAnswer = (title: string): string | undefined => {
  const answer = listed[title];
  return typeof answer === 'object' ? answer.join('') : answer;
};

/** The data with the plans of Hive where they are others, by the title of their case. Neither is wrong. */
const hiveData: Readonly<Record<string, string>> = {
  // One call asks for both fields. Without the input of one, the object has neither.
  'T37: a nested input has failed': '{"ps":[{"id":"1","viaW":6,"free":1},{"id":"2","viaW":null,"free":null}]}',
};

/**
 * Tests each case with the engine, with and without batches and with the plans of each planner, and that the answer of stock is the right
 * one where it is not listed as another one.
 */
export function runCases(create: () => Graph, cases: readonly Case[]): void {
  let graph: Graph;
  beforeAll(() => {
    graph = create();
  });

  for (const each of cases) {
    const { title, data, errors = [], calls, callsInBatches, sent } = each;
    const text = typeof data === 'string' && /^[{[n]/.test(data) ? data : JSON.stringify(data);
    test(title, async () => {
      const answer = await graph.ask('engine', each);
      expect({ data: answer.data, errors: answer.errors.toSorted() }).toEqual({
        data: text,
        errors: errors.toSorted(),
      });
      if (calls !== undefined) expect(answer.calls.map(({ subgraph }) => subgraph)).toEqual(calls);
      for (const [subgraph, representations] of Object.entries(sent ?? {}))
        expect(listRepresentations(answer, subgraph)).toEqual(representations);
    });
    testHive(`hive: ${title}`, async () => {
      const answer = await graph.ask('hive', each);
      expect({ data: answer.data, errors: answer.errors.toSorted() }).toEqual({
        data: hiveData[title] ?? text,
        errors: errors.toSorted(),
      });
    });
    test(`in batches: ${title}`, async () => {
      const answer = await graph.ask('batched', each);
      expect({ data: answer.data, errors: answer.errors.toSorted() }).toEqual({
        data: text,
        errors: errors.toSorted(),
      });
      if (callsInBatches !== undefined) expect(answer.calls.map(({ subgraph }) => subgraph)).toEqual(callsInBatches);
    });
    test(`stock: ${title}`, async () => {
      const answer = await graph.ask('stock', each);
      const right = summarise(text, errors);
      expect(summarise(answer.data, answer.errors)).toBe(findStockAnswer(title) ?? right);
      expect(findStockAnswer(title)).not.toBe(right);
    });
  }
}

const listRepresentations = ({ calls }: Answer, subgraph: string): unknown[] =>
  calls.flatMap((call) => (call.subgraph === subgraph ? [call.variables['representations'] ?? null] : []));

/** The data, and the places of errors: their texts differ. */
function summarise(data: string, errors: readonly string[]): string {
  const places = new Set(errors.map((error) => /^([\w.@]+): /.exec(error)?.[1] ?? '?'));
  return [data, ...[...places].toSorted()].join(' ');
}
