import {
  execute,
  GraphQLError,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { AnswerError, CallSubgraph, Fault } from './answer.ts';
import type { FetchCache } from './cache.ts';
import { getResponseName, indexFragments, listConditions, type Fragments } from './documents.ts';
import type { SupergraphFacts } from './facts.ts';
import { estimateFields, estimateProgram } from './memory.ts';
import type { Data, Path } from './objects.ts';
import type { PlanNode } from './plan/plan.ts';
import { compilePlan } from './run/compile-plan.ts';
import { findWholeFetch } from './run/find-whole-fetch.ts';
import { Run } from './run/run.ts';
import { visitNodes } from './visit-nodes.ts';
import { createWriter, type Writer } from './write/create-writer.ts';
import { WriteState } from './write/write-state.ts';
import type { Refusal } from './write/collect-fields.ts';

export interface ProgramOptions {
  readonly facts: SupergraphFacts;
  /** The client's document. It is valid for the schema. */
  readonly document: DocumentNode;
  /** The operation of the document that is executed. */
  readonly operation: OperationDefinitionNode;
  /** The plan; undefined when no subgraph is needed. */
  readonly plan: PlanNode | undefined;
  /** The name of a field in the data of subgraphs, where the plan was made for other names. Default: its response name. */
  readonly getDataName?: (field: FieldNode) => string;
  /** The client's name of a field, by its name in the data. Default: the same. */
  readonly toClientName?: (name: string) => string;
  /** The fields that the caller may not have. The plan does not fetch them. Default: none. */
  readonly refusals?: ReadonlyMap<FieldNode, Refusal>;
  /**
   * True to send the calls for entities that run at the same time and go to one subgraph as one operation, with an alias of `_entities`
   * for each. Default: false.
   */
  readonly isBatched?: boolean;
  /**
   * Called with the estimated bytes of the program, and later with those of parts that are made on first use. They are negative for parts
   * that are dropped.
   */
  readonly onMemoryChange?: (bytes: number) => void;
}

export interface ProgramRequest {
  /** As the client sent them. They are valid. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** The variables of the plan. Default: those of the client. */
  readonly planVariables?: Readonly<Record<string, unknown>>;
  readonly call: CallSubgraph;
  /** Keeps the answers to calls. Default: each call is sent. */
  readonly cache?: FetchCache | undefined;
  /** Makes the error for a refused field. Only needed where fields are refused. */
  readonly createRefusalError?: (refusal: Refusal, path: Path) => AnswerError;
}

/** The answer to a request. */
export interface ProgramAnswer {
  /** The data as JSON. */
  readonly data: string;
  readonly errors: readonly AnswerError[];
  /** The values that the schema does not allow, for a log. Each is null in the data, and has an error. */
  readonly faults: readonly Fault[];
}

/** A compiled operation. */
export interface Program {
  /** @throws GraphQLError for a variable of `@skip` or `@include` that is null */
  run(request: ProgramRequest): Promise<ProgramAnswer>;
}

/** Writers that are kept for one operation. Each belongs to other values of the variables of `@skip` and `@include`. */
const maxWriters = 32;

/** Compiles an operation and its plan. */
export function createProgram(options: ProgramOptions): Program {
  const { facts, document, operation, plan, refusals = new Map<FieldNode, Refusal>() } = options;
  const { getDataName = getResponseName, toClientName = (name) => name, isBatched = false, onMemoryChange } = options;
  const fragments = indexFragments(document);
  const whole = refusals.size > 0 ? undefined : findWholeFetch(plan, { facts, operation, fragments, getDataName });
  const runPlan = plan && compilePlan(plan, { facts, toClientName, whole, isBatched });
  const readConditions = createConditionReader(document, operation);
  const introspect = createIntrospection(facts.schema, document, operation, fragments);
  const writers = new Map<string, Writer>();
  let bytesOfWriters = 0;
  onMemoryChange?.(estimateProgram(plan));

  function onFields(fields: number): void {
    const bytes = estimateFields(fields);
    bytesOfWriters += bytes;
    onMemoryChange?.(bytes);
  }

  function findWriter(conditions: ReadonlyMap<string, boolean>): Writer {
    const key = conditions.size === 0 ? '' : [...conditions.values()].join();
    let writer = writers.get(key);
    if (writer === undefined) {
      if (writers.size >= maxWriters) {
        writers.clear();
        onMemoryChange?.(-bytesOfWriters);
        bytesOfWriters = 0;
      }
      writer = createWriter({ facts, operation, fragments, conditions, refusals, getDataName, onFields });
      writers.set(key, writer);
    }
    return writer;
  }

  return {
    async run({ variables, planVariables = variables, call, cache, createRefusalError = rejectRefusals }) {
      const conditions = readConditions(variables);
      const run = new Run({ call, cache, variables: planVariables, conditions });
      const writer = findWriter(conditions);
      if (runPlan !== undefined && !writer.isDecided) await runPlan(run);
      if (run.json !== undefined) return { data: run.json, errors: noErrors, faults: noFaults };
      const state = new WriteState({ run, introspection: introspect?.(variables) ?? nothing, createRefusalError });
      const data = writer.write(run.data, state);
      return {
        data: data ?? 'null',
        errors:
          run.errors.length + state.errors.length === 0 && run.failures === undefined ? noErrors : state.listErrors(),
        faults: run.faults,
      };
    },
  };
}

const nothing: Data = {};
const noErrors: readonly AnswerError[] = [];
const noFaults: readonly Fault[] = [];

const rejectRefusals = (): never => {
  throw new Error('A program with refused fields needs createRefusalError.');
};

/** Reads the values of the variables that `@skip` and `@include` use. */
function createConditionReader(
  document: DocumentNode,
  { variableDefinitions = [] }: OperationDefinitionNode,
): (variables: Readonly<Record<string, unknown>>) => ReadonlyMap<string, boolean> {
  const names = listConditions([document]);
  const used = variableDefinitions.filter(({ variable }) => names.has(variable.name.value));
  if (used.length === 0) return () => noConditions;
  return (variables) =>
    new Map(
      used.map(({ variable, defaultValue }) => {
        const name = variable.name.value;
        const value =
          Object.hasOwn(variables, name) || defaultValue === undefined
            ? variables[name]
            : valueFromASTUntyped(defaultValue);
        if (typeof value !== 'boolean')
          throw new GraphQLError(`Variable "$${name}" is a condition, and must be true or false.`, {
            nodes: variable,
            extensions: { code: 'BAD_USER_INPUT' },
          });
        return [name, value];
      }),
    );
}

const noConditions: ReadonlyMap<string, boolean> = new Map();

/** Introspection is executed by graphql-js. Returns undefined for an operation without it. */
function createIntrospection(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  fragments: Fragments,
): ((variables: Readonly<Record<string, unknown>>) => Data) | undefined {
  const isAtRoot = (node: OperationDefinitionNode | FragmentDefinitionNode): boolean => {
    let found = false;
    visitNodes(node, {
      Field({ name }) {
        if (name.value === '__schema' || name.value === '__type') found = true;
        return false;
      },
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (fragment !== undefined && !found) found = isAtRoot(fragment);
      },
    });
    return found;
  };
  if (!isAtRoot(operation)) return undefined;
  // Fields of subgraphs have no resolvers here, and come out as null.
  const only = visitNodes(document, {
    OperationDefinition: (node) => (node === operation ? undefined : null),
  });
  return (variables) => {
    const result = execute({ schema, document: keepIntrospection(only), variableValues: variables });
    return ('data' in result ? result.data : undefined) ?? nothing;
  };
}

/**
 * Root fields that are not of introspection become `__typename`, which takes no time. Fragments on the types of introspection are below a
 * root field, and stay as they are.
 */
function keepIntrospection(document: DocumentNode): DocumentNode {
  return visitNodes(document, {
    FragmentDefinition: ({ typeCondition }) => (typeCondition.name.value.startsWith('__') ? false : undefined),
    Field(node) {
      if (node.name.value.startsWith('__')) return false;
      const { alias: _alias, arguments: _arguments, selectionSet: _selectionSet, ...rest } = node;
      return { ...rest, name: { kind: Kind.NAME, value: '__typename' } };
    },
  });
}
