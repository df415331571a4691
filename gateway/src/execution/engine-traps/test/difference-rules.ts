import type { Answer, FoundError } from '../../test/graph.ts';

/** The answers to one operation. */
export interface Answers {
  readonly operation: string;
  readonly engine: Answer;
  readonly stock: Answer;
}

/** Allows a difference of data. The first rule that applies explains all of it. */
interface DataRule {
  readonly name: string;
  readonly allows: (answers: Answers, different: readonly Difference[]) => boolean;
}

/** Allows an error that one executor reports and the other does not. */
interface ErrorRule {
  readonly name: string;
  readonly of: 'engine' | 'stock';
  readonly allows: (error: FoundError, answers: Answers) => boolean;
}

/** Two values at the same place. Undefined for a field that is not there. */
interface Difference {
  readonly engine: unknown;
  readonly stock: unknown;
}

const isMergedByLaterNull = ({ engine, stock }: Difference) => isContainer(engine) && stock === null;

const dataRules: readonly DataRule[] = [
  {
    name: 'T44: stock has another order of fields',
    allows: (_, different) => different.length === 0,
  },
  {
    name: 'T42: stock forgets the type of an object after a call to a subgraph that knows the interface alone',
    allows: ({ operation }) => /\b(its?|viaI|allI|peer)\b/.test(operation),
  },
  {
    name: 'T17: a later null of stock removes an object or a list that another subgraph has filled',
    allows: ({ operation }, different) => /\bvs?\b/.test(operation) && different.every(isMergedByLaterNull),
  },
  {
    name: 'T47: stock loses a fragment on a type below one on its interface',
    allows: ({ operation }, different) =>
      /\bon N\b/.test(operation) && different.every(({ engine, stock }) => engine !== undefined && stock === undefined),
  },
];

const isCompletion = ({ code }: FoundError) => code === 'INVALID_GRAPHQL';
const isFault = ({ message }: FoundError) => message.startsWith('The answer has ');
const isWrongLength = ({ message }: FoundError) => /service answered: not \d+ entities\.$/.test(message);
const isWrongLengthOfStock = ({ message }: FoundError) => message.startsWith('Expected "data._entities"');
const isSameFailure = (left: FoundError, right: FoundError) =>
  left.message === right.message && left.code === right.code;
const hasSamePath = (left: FoundError, right: FoundError) => left.path === right.path;
/** True for a path of stock with the planner's name of a field. */
const isRenamed = ({ path }: FoundError, { path: planned }: FoundError) =>
  planned !== path && planned?.replaceAll(/__alias_\d+/g, '') === path;
/** True for paths that differ in positions of lists alone. */
const isMoved = (left: FoundError, right: FoundError) =>
  left.path !== undefined &&
  right.path !== undefined &&
  left.path.replaceAll(/\.\d+/g, '.n') === right.path.replaceAll(/\.\d+/g, '.n');

const errorRules: readonly ErrorRule[] = [
  {
    name: 'T35: the engine places the error of a call at each field that stays empty',
    of: 'engine',
    allows: (error, { stock }) =>
      error.path !== undefined && stock.found.some((other) => other.path === undefined && isSameFailure(error, other)),
  },
  {
    name: 'T35: stock reports the error of a call without a place',
    of: 'stock',
    allows: (error, { engine }) =>
      error.path === undefined && engine.found.some((other) => isSameFailure(error, other)),
  },
  {
    name: 'T45: the engine places the error of a list of entities that has another length',
    of: 'engine',
    allows: (error, { stock }) => isWrongLength(error) && stock.found.some(isWrongLengthOfStock),
  },
  {
    name: 'T45: stock reports a list of entities that has another length without a place',
    of: 'stock',
    allows: (error, { engine }) => isWrongLengthOfStock(error) && engine.found.some(isWrongLength),
  },
  {
    name: 'T8: stock has another text for null that is not allowed',
    of: 'engine',
    allows: (error, { stock }) =>
      isFault(error) && stock.found.some((other) => isCompletion(other) && hasSamePath(error, other)),
  },
  {
    name: 'T8: the engine has another text for null that is not allowed',
    of: 'stock',
    allows: (error, { engine }) =>
      isCompletion(error) && engine.found.some((other) => isFault(other) && hasSamePath(error, other)),
  },
  {
    name: 'T17: the engine reports what is missing in a shared value that is null in another subgraph',
    of: 'engine',
    allows: (error, { stock }) => /has nothing at V\.[bc]\.$/.test(error.message) && isNullAt(stock.data, error.path),
  },
  {
    name: 'T13: the engine reports the client’s name of a field that the planner has renamed',
    of: 'engine',
    allows: (error, { stock }) => stock.found.some((other) => isSameFailure(error, other) && isRenamed(error, other)),
  },
  {
    name: 'T13: stock reports the planner’s name of a field',
    of: 'stock',
    allows: (error, { engine }) => engine.found.some((other) => isSameFailure(error, other) && isRenamed(other, error)),
  },
  {
    name: 'T8: stock reports no null that is not allowed beside an error of a subgraph',
    of: 'engine',
    allows: (error, { stock }) => isFault(error) && stock.found.some((other) => !isCompletion(other)),
  },
  {
    name: 'T9: the engine reports no missing entity where null is allowed',
    of: 'stock',
    allows: (error, { engine }) => isCompletion(error) && isNullAbove(engine.data, error.path),
  },
  {
    name: 'T6: stock counts the entities in place of the representations',
    of: 'engine',
    allows: (error, { stock }) => stock.found.some((other) => isSameFailure(error, other) && isMoved(error, other)),
  },
  {
    name: 'T6: the error of another entity',
    of: 'stock',
    allows: (error, { engine }) => engine.found.some((other) => isSameFailure(error, other) && isMoved(error, other)),
  },
  {
    name: 'T35: the engine reports one of the failed calls because of which an object is null',
    of: 'stock',
    allows: ({ path }, { engine }) =>
      path === undefined && engine.found.some((other) => other.path !== undefined && isNullAt(engine.data, other.path)),
  },
];

/** The names of all rules. */
export const differenceRules: readonly string[] = [...dataRules, ...errorRules].map(({ name }) => name);

/** Finds the rules that allow the differences between two answers, and the differences that none allows. */
export function explainDifferences(answers: Answers): {
  readonly applied: ReadonlySet<string>;
  readonly unexplained: readonly unknown[];
} {
  const { engine, stock } = answers;
  const applied = new Set<string>();
  const unexplained: unknown[] = [];
  let dataRule: string | undefined;
  if (engine.data !== stock.data) {
    const different = listDifferences(JSON.parse(engine.data), JSON.parse(stock.data));
    dataRule = dataRules.find(({ allows }) => allows(answers, different))?.name;
    if (dataRule === undefined) unexplained.push(...different);
    else applied.add(dataRule);
  }
  // Another type of an object, and the calls that depend on it, make other errors.
  if (dataRule?.startsWith('T42') === true) return { applied, unexplained };
  for (const [of, own, other] of [
    ['engine', engine.found, stock.found],
    ['stock', stock.found, engine.found],
  ] as const) {
    for (const error of subtract(own, other)) {
      const rule = errorRules.find((each) => each.of === of && each.allows(error, answers));
      if (rule === undefined) unexplained.push({ of, error });
      else applied.add(rule.name);
    }
  }
  return { applied, unexplained };
}

/** The errors of one list that the other does not have. Of equal errors, the lists must have equally many. */
function subtract(errors: readonly FoundError[], others: readonly FoundError[]): FoundError[] {
  const left = [...others];
  return errors.filter((error) => {
    const index = left.findIndex((other) => isSameFailure(error, other) && hasSamePath(error, other));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

/** True when the value at a path is null, or below null. */
function isNullAt(data: string, path: string | undefined): boolean {
  let value: unknown = JSON.parse(data);
  for (const step of path?.split('.') ?? []) value = isContainer(value) ? value[step] : value;
  return value === null;
}

/** True when the object that has the field at a path is null. */
function isNullAbove(data: string, path: string | undefined): boolean {
  return path?.includes('.') === true && isNullAt(data, path.slice(0, path.lastIndexOf('.')));
}

/** True for an object or a list. */
function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** The values that differ, at the highest places. The order of fields makes no difference. */
function listDifferences(engine: unknown, stock: unknown): Difference[] {
  if (!isContainer(engine) || !isContainer(stock)) return engine === stock ? [] : [{ engine, stock }];
  const keys = new Set([...Object.keys(engine), ...Object.keys(stock)]);
  return [...keys].flatMap((key) => listDifferences(engine[key], stock[key]));
}
