import { execute, parse, validate } from 'graphql';
import { createRandom } from '../../../access/test/random-operation.ts';
import { addInputs, createFuzzGraph, resolveModel } from './fuzz-graph.ts';
import type { Answer, Request } from '../../test/graph.ts';
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

/** The first answers of the engine that differ from those of one schema that holds all data. */
export async function compareWithModel(operations: number): Promise<readonly object[]> {
  setFaults(undefined);
  const wrong: object[] = [];
  for (const request of listRequests(operations, true)) {
    const { data, errors, calls } = await graph.ask('engine', request);
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
 * Compares the data of the engine and of stock when subgraphs fail.
 *
 * @returns the first differences that no known mistake of stock explains, and the traps that explain the others
 */
export async function compareWithStock(
  operations: number,
): Promise<{ readonly wrong: readonly object[]; readonly reasons: ReadonlySet<string> }> {
  const wrong: object[] = [];
  const reasons = new Set<string>();
  for (const request of listRequests(operations, false)) {
    setFaults(createFault(request.seed));
    const own = await graph.ask('engine', request);
    const stock = await graph.ask('stock', request);
    const reason = explainDifference(request, own, stock);
    if (reason === 'none') wrong.push({ ...request, own, stock });
    if (reason !== undefined) reasons.add(reason);
    if (wrong.length === MOST_SHOWN) break;
  }
  return { wrong, reasons };
}

/** The trap because of which stock answers otherwise; 'none' for a difference that no trap explains. */
function explainDifference({ operation }: Request, own: Answer, stock: Answer): string | undefined {
  if (own.data === stock.data) return undefined;
  if (sortKeys(own.data) === sortKeys(stock.data)) return 'T44';
  const different = listDifferences(JSON.parse(own.data), JSON.parse(stock.data));
  // Stock forgets the type of an object after a call to a subgraph that knows the interface alone.
  if (/\b(its?|viaI|allI|peer)\b/.test(operation)) return 'T42';
  // Stock lets a later null remove an object, or a list of them, that another subgraph has filled.
  if (/\bvs?\b/.test(operation) && different.every(([left, right]) => isObject(left) && right === null)) return 'T17';
  // Stock does not call for an entity when an input of a skipped field was skipped too.
  if (/\b(cost|need|label) @/.test(operation) || /@(skip|include).*\b(cost|need|label)\b/.test(operation))
    return different.every(([left, right]) => left !== null && right === null) ? 'T40' : 'none';
  return 'none';
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** The values that differ, at the highest places. */
function listDifferences(left: unknown, right: unknown): [unknown, unknown][] {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null)
    return left === right ? [] : [[left, right]];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].flatMap((key) =>
    listDifferences((left as Record<string, unknown>)[key] ?? null, (right as Record<string, unknown>)[key] ?? null),
  );
}

/** T44: stock has another order of fields. */
function sortKeys(data: string): string {
  return JSON.stringify(JSON.parse(data), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : value,
  );
}
