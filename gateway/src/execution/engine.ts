import { createAccessError, type Credentials, type Requirement } from '@shop/access';
import {
  countNodes,
  createProgram,
  findUnfilledField,
  type AnswerError,
  type Fault,
  type PlanNode,
  readApolloPlan,
  readHivePlan,
  type ApolloPlan,
  type HivePlan,
  type Program,
  type Refusal,
  type SubgraphCall,
} from '@shop/engine';
import { createCodedError } from '@shop/graphql';
import { isSampled, runInSpan, type Logger } from '@shop/process';
import {
  getOperationAST,
  getVariableValues,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { createAuthorize, type Variant } from '../access/authorize.ts';
import type { AnswerDraft } from '../cache/answer-draft.ts';
import type { OpenPartCache } from '../cache/part-cache.ts';
import { findClient, type GatewayContext } from '../context.ts';
import { normaliseOperation, type NormalisedOperation } from '../planning/normalise-operation.ts';
import { createVariantResolver } from '../planning/resolve-variants.ts';
import type { PlanStore } from '../planning/plan-store.ts';
import {
  findComputedFields,
  findInterfaceObjectFields,
  findPlannerFields,
  type Supergraph,
  type Variables,
} from '../supergraph/index.ts';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';
import { createEngineFacts } from './engine-facts.ts';
import { bytesOfNode } from './memory-estimates.ts';
import type { DocumentMemory } from './prepared-documents.ts';
import type { SubgraphResponse } from './transport/read-answer.ts';
import type { OutgoingCall } from './transport/subgraph-caller.ts';

export interface EngineOptions {
  readonly supergraph: Supergraph;
  /** The schema that clients see. */
  readonly schema: GraphQLSchema;
  readonly plans: Pick<PlanStore, 'find'>;
  readonly callSubgraph: (service: string, call: OutgoingCall, context: GatewayContext) => Promise<SubgraphResponse>;
  readonly getCredentials: (context: GatewayContext) => Credentials;
  /** True to send calls for entities of one subgraph together, where a plan has several at the same time. Default: false. */
  readonly isBatched?: boolean;
  /** Counts what is kept for a document, and tells when it is to be freed. Default: it is kept as long as the document. */
  readonly memory?: DocumentMemory;
  /** Keeps the answers of subgraphs. Default: each is asked each time. */
  readonly cache?: EngineCache;
  /** Default: nothing is measured. */
  readonly metrics?: Pick<GatewayMetrics, 'planLookups'>;
  readonly logger: Logger;
}

/** The parts of the cache that execution needs. */
export interface EngineCache {
  /** Begins the answer to an operation. */
  readonly begin: (context: GatewayContext) => AnswerDraft;
  readonly open: OpenPartCache;
}

/** An operation to execute. Its document is valid. */
export interface EngineRequest {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Variables | undefined;
  readonly context: GatewayContext;
}

export interface EngineAnswer {
  /** The data as JSON; undefined when the operation was not executed. */
  readonly data: string | undefined;
  /** Those of the variables when the operation was not executed because of them. */
  readonly errors: readonly AnswerError[];
  /** Thrown while the operation was planned. Then it was not executed. */
  readonly refusal?: unknown;
  /** The dependencies of the data, where there is a cache. */
  readonly draft?: AnswerDraft | undefined;
}

/** Executes operations with compiled plans. */
export type Engine = (request: EngineRequest) => Promise<EngineAnswer>;

/** An operation for callers with the same permissions. */
interface Prepared {
  readonly operation: OperationDefinitionNode;
  /** Undefined when nothing is left that a subgraph could be asked for. */
  readonly normalised: NormalisedOperation | undefined;
  readonly variant: Variant | undefined;
  program: Promise<Program> | Program | undefined;
}

/** A plan as its planner made it. */
type StoredPlan = ApolloPlan | (HivePlan & { readonly planner: 'hive' });

interface RefusedField extends Refusal {
  readonly requirement: Requirement;
}

/** Faults that one line of the log names. */
const maxLogged = 5;

export function createEngine(options: EngineOptions): Engine {
  const {
    supergraph,
    schema,
    plans,
    callSubgraph,
    getCredentials,
    isBatched = false,
    memory,
    cache,
    metrics,
    logger,
  } = options;
  const facts = createEngineFacts(supergraph, schema);
  const prepare = createPreparation(schema, supergraph, memory);
  const resolveVariants = createVariantResolver(supergraph);

  async function compile(document: DocumentNode, prepared: Prepared, context: GatewayContext): Promise<Program> {
    const { normalised, operation, variant } = prepared;
    const plan = normalised && (await readPlan(normalised, context));
    return createProgram({
      facts,
      document,
      operation,
      plan,
      ...(normalised === undefined
        ? {}
        : { getDataName: normalised.getDataName, toClientName: normalised.toClientName }),
      ...(variant === undefined ? {} : { refusals: toRefusals(variant) }),
      isBatched,
      onMemoryChange: (bytes) => memory?.grow(document, bytes),
    });
  }

  /** @throws GraphQLError FIELD_UNRESOLVABLE when the plan brings less than the operation selects */
  async function readPlan({ text, document, operation, toClientName }: NormalisedOperation, context: GatewayContext) {
    const plan = translatePlan((await findPlan(text, context)) as StoredPlan);
    const unfilled = findUnfilledField(schema, document, operation, plan);
    if (unfilled !== undefined) {
      const path = unfilled.map(toClientName).join('.');
      logger.warn({ path, requestId: context.requestId }, 'The planner finds no way to a field');
      throw createCodedError('FIELD_UNRESOLVABLE', {
        message: `No service can find the field ${path} at this place. Remove it from the operation.`,
        setsStatus: true,
      });
    }
    return plan;
  }

  /** Hive's planner needs no argument variants: it gives required fields names of their own by itself. */
  function translatePlan(plan: StoredPlan): PlanNode | undefined {
    if ('planner' in plan) return readHivePlan(plan);
    const read = readApolloPlan(plan);
    return read && resolveVariants(read);
  }

  function findPlan(text: string, context: GatewayContext): Promise<unknown> {
    const find = () => plans.find(text, findClient(context));
    return isSampled(context.trace) ? runInSpan('plan', { parent: context.trace }, find) : find();
  }

  function findProgram(
    document: DocumentNode,
    prepared: Prepared,
    context: GatewayContext,
  ): Promise<Program> | Program {
    if (prepared.program !== undefined) return prepared.program;
    const compiling = compile(document, prepared, context).then(
      (program) => (prepared.program = program),
      (error: unknown) => {
        prepared.program = undefined;
        throw error;
      },
    );
    return (prepared.program = compiling);
  }

  /** Writes one line for each subgraph that answered against the schema. */
  function reportFaults(faults: readonly Fault[], { requestId }: GatewayContext): void {
    const bySubgraph = new Map<string, string[]>();
    for (const { path, reason, coordinate } of faults) {
      const subgraph = findOwners(supergraph, coordinate).join(' or ');
      const places = bySubgraph.get(subgraph) ?? [];
      places.push(`${path.join('.')}: ${reason}`);
      bySubgraph.set(subgraph, places);
    }
    for (const [subgraph, places] of bySubgraph)
      logger.error(
        { subgraph, faults: places.length, places: places.slice(0, maxLogged), requestId },
        `${subgraph} answered against the schema`,
      );
  }

  return async ({ document, operationName, variables = {}, context }) => {
    // Before anything is read: a change after this must not be missed.
    const draft = cache?.begin(context);
    const credentials = getCredentials(context);
    const prepared = prepare(document, operationName, credentials);
    const { errors } = getVariableValues(schema, prepared.operation.variableDefinitions ?? [], variables);
    if (errors !== undefined) return { data: undefined, errors };
    const known = findProgram(document, prepared, context);
    if (!(known instanceof Promise)) metrics?.planLookups.inc({ result: 'hit' });
    let program: Program;
    try {
      program = known instanceof Promise ? await known : known;
    } catch (refusal) {
      return { data: undefined, errors: [], refusal };
    }
    const planVariables = prepared.normalised?.getVariables(variables) ?? variables;
    const answer = await program.run({
      variables,
      planVariables,
      // Member by member: V8 copies objects with a spread and more members slowly, and this is done for each call.
      call: ({ service, body, operation, operationKind, entities, isWhole }: SubgraphCall) =>
        callSubgraph(
          service,
          { body, operation, operationKind, entities, isWhole, variables: () => planVariables },
          context,
        ),
      cache: draft && cache?.open(draft),
      createRefusalError: (refusal, path) =>
        createAccessError((refusal as RefusedField).requirement, credentials, path),
    });
    if (answer.faults.length > 0) reportFaults(answer.faults, context);
    const { data, errors: answered } = answer;
    return { data, errors: answered, draft };
  };
}

function toRefusals({ refusals }: Variant): ReadonlyMap<FieldNode, RefusedField> {
  return new Map(
    [...refusals].map(([node, requirement]) => [
      node,
      { requirement, isSilent: requirement.kind === 'nullForAnonymous' },
    ]),
  );
}

/** The subgraphs that resolve a field, such as `Product.name`. */
function findOwners(supergraph: Supergraph, coordinate: string): readonly string[] {
  const [type = '', field = ''] = coordinate.split('.');
  return supergraph.getField(type, field)?.owners ?? [];
}

/** Authorizes and normalises an operation once for each set of permissions. The result is kept as long as the parsed document, or less. */
function createPreparation(schema: GraphQLSchema, supergraph: Supergraph, memory: DocumentMemory | undefined) {
  const authorize = createAuthorize(supergraph);
  const plannerFields = findPlannerFields(supergraph);
  const computedFields = findComputedFields(supergraph);
  const interfaceObjectFields = findInterfaceObjectFields(supergraph);
  const documents = new WeakMap<DocumentNode, Map<string, Prepared>>();
  const variants = new WeakMap<Variant, Prepared>();
  memory?.onDrop((document) => {
    documents.delete(document);
    authorize.forget(document);
  });

  function create(operation: OperationDefinitionNode, document: DocumentNode | undefined, variant?: Variant): Prepared {
    if (document === undefined) return { operation, normalised: undefined, variant, program: undefined };
    const permitted = document.definitions.find(
      (node): node is OperationDefinitionNode =>
        node.kind === operation.kind &&
        node.operation === operation.operation &&
        node.name?.value === operation.name?.value,
    );
    if (permitted === undefined) throw new Error('A document has lost its operation.');
    const normalised = normaliseOperation(document, permitted, {
      schema,
      plannerFields,
      computedFields,
      interfaceObjectFields,
      keepsObjects: true,
    });
    return { operation, normalised, variant, program: undefined };
  }

  return (document: DocumentNode, operationName: string | undefined, credentials: Credentials): Prepared => {
    const variant = authorize(document, operationName, credentials);
    const find = () => {
      const operation = getOperationAST(document, operationName || undefined);
      if (operation == null) throw createCodedError('OPERATION_RESOLUTION_FAILURE');
      return operation;
    };
    const add = (permitted: DocumentNode | undefined): Prepared => {
      const prepared = create(find(), permitted, variant);
      const { normalised } = prepared;
      if (normalised !== undefined) memory?.grow(document, bytesOfNode.normalised * countNodes(normalised.document));
      return prepared;
    };
    if (variant !== undefined) {
      let prepared = variants.get(variant);
      if (prepared === undefined) variants.set(variant, (prepared = add(variant.document)));
      return prepared;
    }
    let operations = documents.get(document);
    if (operations === undefined) documents.set(document, (operations = new Map()));
    const name = operationName ?? '';
    let prepared = operations.get(name);
    if (prepared === undefined) operations.set(name, (prepared = add(document)));
    return prepared;
  };
}
