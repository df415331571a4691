import { composeServices } from '@apollo/composition';
import { operationFromDocument, Supergraph as ComposedSupergraph } from '@apollo/federation-internals';
import { QueryPlanner, type QueryPlan } from '@apollo/query-planner';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { AnswerError } from '@shop/engine';
import { createLogger } from '@shop/process';
import {
  execute,
  Kind,
  parse,
  print,
  separateOperations,
  validate,
  visit,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import { createHivePlanner } from '../../../test/hive-planner.ts';
import { createHivePreparation } from '../../planning/prepare-for-hive.ts';
import { readSupergraph } from '../../supergraph/index.ts';
import { createEngine } from '../engine.ts';
import { rejectUnplannable } from '../reject-unplannable.ts';
import { createStockExecutor } from '../stock-executor.ts';
import type { SubgraphResponse } from '../transport/read-answer.ts';

/** A call that a subgraph has got. */
export interface Call {
  readonly subgraph: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A subgraph in this process. */
export interface SubgraphSource {
  /** Without the link to the federation specification. */
  readonly sdl: string;
  readonly resolvers?: object;
  /** Resolves the fields that have no resolver. Default: that of graphql-js. */
  readonly fieldResolver?: GraphQLFieldResolver<unknown, unknown>;
  /** Answers in place of the resolvers, also against the schema. Undefined means that the resolvers answer. */
  readonly answer?: (call: Call) => unknown;
  /** Changes the answer of the resolvers, also against the schema. */
  readonly change?: (answer: ExecutionResult, call: Call) => unknown;
}

export interface Request {
  readonly operation: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
}

export interface Answer {
  /** The data as JSON, so that the order of fields is compared too. */
  readonly data: string;
  /** `path: message` */
  readonly errors: readonly string[];
  /** The same errors in parts. */
  readonly found: readonly FoundError[];
  readonly calls: readonly Call[];
  /** True when the data are those that a subgraph has written, unread. */
  readonly isPassed: boolean;
}

export interface FoundError {
  readonly message: string;
  /** With dots. Undefined for an error without a place. */
  readonly path: string | undefined;
  readonly code: unknown;
}

/**
 * The engine with the plans of Apollo; the same, and calls for entities go together; the same, and subgraphs vouch for their data; that of
 * `@apollo/gateway`; with the plans of Hive.
 */
export type Executor = 'engine' | 'batched' | 'vouched' | 'stock' | 'hive';

/** A composed graph with its planner. */
export interface Graph {
  /** The schema that clients see. */
  readonly schema: GraphQLSchema;
  /** Operations that Hive's planner refused and Apollo's planned, with the reason. */
  readonly fallbacks: readonly { readonly text: string; readonly refusal: string }[];
  ask(executor: Executor, request: Request): Promise<Answer>;
}

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", ' +
  '"@provides", "@shareable", "@interfaceObject", "@inaccessible", "@override", "@composeDirective", "@tag"])\n';

/**
 * Composes subgraphs, plans as the gateway does, and executes in this process. All executors get the same plan object of an operation,
 * unless the subgraphs require one field with several sets of arguments: only the engine's plans have variants of it.
 */
export function createGraph(sources: Readonly<Record<string, SubgraphSource>>): Graph {
  const services = Object.entries(sources).map(([name, { sdl }]) => ({
    name,
    url: '',
    typeDefs: parse(link + sdl),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(errors?.join('\n'));
  const supergraph = readSupergraph(supergraphSdl);
  const composed = ComposedSupergraph.build(supergraph.plannerSdl);
  const schema = composed.apiSchema().toGraphQLJSSchema();
  const plans = createPlanner(supergraph.plannerSdl);
  const { plannerSdl, variantSdl } = supergraph;
  const variantPlans = variantSdl === plannerSdl ? plans : createPlanner(variantSdl);

  const schemas = new Map(
    services.map(({ name, typeDefs }) => [
      name,
      buildSubgraphSchema({ typeDefs, resolvers: (sources[name]?.resolvers ?? {}) as never }),
    ]),
  );
  let calls: Call[] = [];
  let isPassed = false;

  async function callSubgraph(
    subgraph: string,
    query: string,
    variables: Call['variables'],
  ): Promise<SubgraphResponse> {
    const call = { subgraph, query, variables };
    calls.push(call);
    const parts = splitCall(call);
    const answer = parts === undefined ? await answerCall(call) : await answerTogether(call, parts);
    // Each executor gets objects of its own, with the members that JSON gives.
    return JSON.parse(JSON.stringify(answer)) as SubgraphResponse;
  }

  const answerCall = async (call: Call): Promise<unknown> =>
    sources[call.subgraph]?.answer?.(call) ?? (await resolve(call));

  /** A subgraph's answer to several calls for entities in one. Its test answers them one by one. */
  async function answerTogether(call: Call, parts: ReadonlyMap<string, Call>): Promise<unknown> {
    const invalid = validate(schemas.get(call.subgraph) as GraphQLSchema, parse(call.query));
    if (invalid.length > 0) throw new Error(`${call.query} is invalid: ${invalid.join('\n')}`);
    const { answer, change } = sources[call.subgraph] ?? {};
    if (answer === undefined && change === undefined) return resolve(call);
    return joinAnswers(
      await Promise.all([...parts].map(async ([alias, part]) => [alias, await answerCall(part)] as const)),
    );
  }

  async function resolve(call: Call): Promise<unknown> {
    const { subgraph, query, variables } = call;
    const source = sources[subgraph];
    const answer = await execute({
      schema: schemas.get(subgraph) as GraphQLSchema,
      document: parse(query),
      variableValues: variables,
      fieldResolver: source?.fieldResolver,
    });
    return source?.change?.(answer, call) ?? answer;
  }

  const fallbacks: { text: string; refusal: string }[] = [];
  let hivePlanner: ReturnType<typeof createHivePlanner> | undefined;
  const prepareForHive = createHivePreparation(supergraph);
  const hivePlans = {
    async find(text: string) {
      try {
        const prepared = prepareForHive(text);
        if ('refusal' in prepared) throw new Error(prepared.refusal);
        hivePlanner ??= createHivePlanner(supergraph.sdl);
        return JSON.parse(JSON.stringify(hivePlanner(prepared.text))) as QueryPlan;
      } catch (error) {
        const plan = await variantPlans.find(text);
        fallbacks.push({ text, refusal: (error as Error).message });
        return plan;
      }
    },
  };
  const executors = {
    engine: createOwn(variantPlans),
    batched: createOwn(variantPlans, { isBatched: true }),
    vouched: createOwn(variantPlans, { areVouched: true }),
    stock: createStock(),
    hive: createOwn(hivePlans),
  };

  function createOwn(
    ownPlans: { find(text: string): Promise<QueryPlan> },
    { isBatched = false, areVouched = false } = {},
  ) {
    const engine = createEngine({
      supergraph,
      schema,
      plans: ownPlans,
      isBatched,
      async callSubgraph(subgraph, { body, isWhole }) {
        const { query, variables } = JSON.parse(body) as Call;
        const answer = await callSubgraph(subgraph, query, variables);
        const isConforming = sources[subgraph]?.answer === undefined && sources[subgraph]?.change === undefined;
        if (!areVouched || isWhole !== true || !isConforming || answer.errors !== undefined) return answer;
        isPassed = true;
        return { json: JSON.stringify(answer.data) };
      },
      getCredentials: () => ({ isAuthenticated: false, scopes: new Set() }),
      logger: createLogger({ service: 'test', level: 'silent' }),
    });
    return async ({ document, operationName, variables }: Execution) => {
      const request = { document, operationName, variables, context: context as never };
      const { data, errors, refusal } = await engine(request);
      if (refusal !== undefined) throw refusal;
      return { data: data ?? 'null', errors };
    };
  }

  function createStock() {
    const executor = createStockExecutor({
      supergraph,
      getClient: () => 'client',
      createDataSource: ({ name }) => ({
        process: ({ request: { query = '', variables } }) => callSubgraph(name, query, variables ?? {}) as never,
      }),
    })({ composed, schema, plans });
    return async ({ document, operationName, variables }: Execution) => {
      const request = { variables, ...(operationName === undefined ? {} : { operationName }) };
      const answer = await executor({ document, request, queryHash: '', context, metrics: {} } as never);
      const incomplete = answer.extensions?.['valueCompletion'];
      return {
        data: JSON.stringify(answer.data ?? null),
        errors: [...(answer.errors ?? []), ...(Array.isArray(incomplete) ? (incomplete as GraphQLError[]) : [])],
      };
    };
  }

  return {
    schema,
    fallbacks,
    async ask(name, { operation, operationName, variables = {} }) {
      const document = parse(operation);
      const invalid = validate(schema, document);
      if (invalid.length > 0) throw new Error(`${operation} is invalid: ${invalid.join('\n')}`);
      [calls, isPassed] = [[], false];
      try {
        const execution = { document, operationName, variables };
        const run = () => executors[name](execution) as never;
        const { data, errors } = (await rejectUnplannable(execution as never, run)) as unknown as Executed;
        return { data, ...describeErrors(errors), calls, isPassed };
      } catch (error) {
        // The gateway answers a rejected operation with one error, without data.
        return { data: 'null', ...describeErrors([error as AnswerError]), calls, isPassed };
      }
    },
  };
}

interface Execution {
  readonly document: ReturnType<typeof parse>;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

interface Executed {
  readonly data: string;
  readonly errors: readonly AnswerError[];
}

const context = { viewer: { userId: null }, ip: null };

/** Plans operations of a supergraph, each once. */
function createPlanner(supergraphSdl: string): { find(text: string): Promise<QueryPlan> } {
  const composed = ComposedSupergraph.build(supergraphSdl, { validateSupergraph: false });
  const planner = new QueryPlanner(composed);
  const known = new Map<string, QueryPlan>();
  return {
    async find(text) {
      let plan = known.get(text);
      if (plan === undefined) {
        const operation = operationFromDocument(composed.apiSchema(), parse(text, { noLocation: true }));
        known.set(text, (plan = JSON.parse(JSON.stringify(planner.buildQueryPlan(operation))) as QueryPlan));
      }
      return plan;
    },
  };
}

/** The calls that a call with several fields for entities stands for, by their response names; undefined for any other call. */
function splitCall({ subgraph, query, variables }: Call): ReadonlyMap<string, Call> | undefined {
  const document = parse(query, { noLocation: true });
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const fields = (operation?.selectionSet.selections ?? []).filter((node) => node.kind === Kind.FIELD);
  if (fields.length < 2 || fields.some(({ name }) => name.value !== '_entities')) return undefined;
  return new Map(
    fields.map((field) => {
      const argument = field.arguments?.[0]?.value;
      const used = argument?.kind === Kind.VARIABLE ? argument.name.value : '';
      const { alias: _alias, ...unnamed } = field;
      const part = visit(document, {
        OperationDefinition: (node) => ({ ...node, selectionSet: { ...node.selectionSet, selections: [unnamed] } }),
      });
      const own = visit(part, {
        Variable: ({ name }) =>
          name.value === used
            ? { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: 'representations' } }
            : undefined,
      });
      // Without the fragments of the others.
      const [alone = own] = Object.values(separateOperations(own));
      const given = { ...variables, representations: variables[used] };
      return [field.alias?.value ?? '', { subgraph, query: print(alone), variables: given }];
    }),
  );
}

type GivenAnswer = { data?: Record<string, unknown> | null; errors?: readonly { path?: readonly unknown[] }[] };

/** The answer to a call with several fields for entities. The field must not be null, so that one without data leaves none at all. */
function joinAnswers(answers: readonly (readonly [string, unknown])[]): GivenAnswer {
  const parts = answers.map(([alias, answer]) => ({ alias, answer: answer as GivenAnswer }));
  const errors = parts.flatMap(({ alias, answer }) =>
    (answer.errors ?? []).map((error) =>
      Array.isArray(error.path) && error.path[0] === '_entities'
        ? { ...error, path: [alias, ...error.path.slice(1)] }
        : error,
    ),
  );
  const hasAll = parts.every(({ answer }) => answer.data != null);
  const data = hasAll
    ? Object.fromEntries(parts.map(({ alias, answer }) => [alias, answer.data?.['_entities']]))
    : null;
  return { data, ...(errors.length === 0 ? {} : { errors }) };
}

function describeErrors(errors: readonly AnswerError[]): Pick<Answer, 'errors' | 'found'> {
  const found = errors.map(({ message, path, extensions }) => ({
    message,
    path: path?.join('.'),
    code: extensions?.['code'],
  }));
  return { errors: found.map(({ message, path }) => (path === undefined ? message : `${path}: ${message}`)), found };
}
