import { execute, parse, validate } from 'graphql';
import { createRandom } from '../../../access/test/random-operation.ts';
import { addInputs, createFuzzGraph, resolveModel } from './fuzz-graph.ts';
import type { Request } from '../../test/graph.ts';
import { differenceRules, explainDifferences } from './difference-rules.ts';
import { createRandomQuery } from './random-operation.ts';

const { graph, setFaults } = createFuzzGraph();
const { schema } = graph;

/** Valid operations with the seeds that repeat them. */
function* listRequests(operations: number, isConditional: boolean): Generator<Request & { readonly seed: number }> {
  for (let seed = 1, count = 0; count < operations; seed += 1) {
    const random = createRandom(seed);
    const operation = createRandomQuery({ schema, random, isConditional });
    if (operation.length > 4_000 || validate(schema, parse(operation)).length > 0) continue;
    count += 1;
    yield { seed, operation, variables: { s: random() < 0.5, i: random() < 0.5 } };
  }
}

/**
 * T40: the planner asks for a field under fewer conditions than for its input. A subgraph then reports that the input of a field is
 * missing which is not in the answer.
 */
const isOfSkippedField = (error: string): boolean => /: no (w|code)$/.test(error);

/** How many operations Hive's planner has refused. */
export const countFallbacks = (): number => graph.fallbacks.length;

/** The answer of one schema that holds all data. */
async function executeModel({ operation, variables }: Request) {
  const { data, errors } = await execute({
    schema,
    document: parse(operation),
    variableValues: variables,
    fieldResolver: (source, _args, _context, { fieldName, parentType }) =>
      complete(resolveModel(parentType.name, fieldName, source as object)),
  });
  return { data: JSON.stringify(data), errors: (errors ?? []).map(({ message }) => message) };
}

function complete(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(complete);
  return typeof value === 'object' && value !== null ? addInputs(value as never) : value;
}

/** So many differences are enough to see what is wrong. */
const MOST_SHOWN = 3;

/**
 * The first answers of the engine that differ from those of one schema that holds all data.
 *
 * @param executor with the plans of Apollo (the default) or of Hive
 */
export async function compareWithModel(
  operations: number,
  executor: 'engine' | 'hive' = 'engine',
): Promise<readonly object[]> {
  setFaults(undefined);
  const wrong: object[] = [];
  for (const request of listRequests(operations, true)) {
    const { data, errors, calls } = await graph.ask(executor, request);
    const right = await executeModel(request);
    if (data !== right.data || errors.some((error) => !isOfSkippedField(error)))
      wrong.push({ ...request, data, errors, right: right.data, calls });
    if (wrong.length === MOST_SHOWN) break;
  }
  return wrong;
}

/** A fault depends on its place alone, so that both executors meet the same ones. */
function createFault(seed: number) {
  return (place: string): number => {
    let hash = seed;
    for (const character of place) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) | 0;
    return createRandom(hash)();
  };
}

/**
 * Compares the data and the errors of the engine and of stock when subgraphs fail.
 *
 * @returns the first differences that no rule allows, and how often each rule applied
 */
export async function compareWithStock(
  operations: number,
): Promise<{ readonly wrong: readonly object[]; readonly counts: ReadonlyMap<string, number> }> {
  const wrong: object[] = [];
  const counts = new Map<string, number>(differenceRules.map((name) => [name, 0]));
  for (const request of listRequests(operations, false)) {
    setFaults(createFault(request.seed));
    const engine = await graph.ask('engine', request);
    const stock = await graph.ask('stock', request);
    const { applied, unexplained } = explainDifferences({ operation: request.operation, engine, stock });
    for (const rule of applied) counts.set(rule, (counts.get(rule) ?? 0) + 1);
    if (unexplained.length > 0) wrong.push({ ...request, unexplained, engine, stock });
    if (wrong.length === MOST_SHOWN) break;
  }
  return { wrong, counts };
}

/**
 * Compares the answers of the engine with and without batches, with and without faults of subgraphs.
 *
 * @returns the first differences, and how many operations have taken fewer calls in batches
 */
export async function compareBatches(
  operations: number,
): Promise<{ readonly wrong: readonly object[]; readonly savings: number }> {
  const wrong: object[] = [];
  let savings = 0;
  for (const hasFaults of [false, true]) {
    for (const request of listRequests(operations, true)) {
      setFaults(hasFaults ? createFault(request.seed) : undefined);
      const single = await graph.ask('engine', request);
      const batched = await graph.ask('batched', request);
      if (batched.calls.length < single.calls.length) savings += 1;
      if (batched.data !== single.data || batched.errors.toSorted().join() !== single.errors.toSorted().join())
        wrong.push({ ...request, single, batched });
      if (wrong.length === MOST_SHOWN) return { wrong, savings };
    }
  }
  return { wrong, savings };
}
