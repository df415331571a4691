import {
  buildOperationContext,
  executeQueryPlan,
  type GraphQLDataSource,
  type ServiceEndpointDefinition,
} from '@apollo/gateway';
import type { Context as TraceContext } from '@opentelemetry/api';
import { isSampled, runInSpan } from '@shop/process';
import {
  getOperationAST,
  getVariableValues,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { normaliseOperation, type NormalisedOperation } from '../planning/normalise-operation.ts';
import type { CreateExecutor } from '../planning/planned-gateway.ts';
import { restoreResponseNames } from '../planning/response-names.ts';
import {
  findComputedFields,
  findInterfaceObjectFields,
  findPlannerFields,
  type Supergraph,
} from '../supergraph/index.ts';
import type { ExecutionRequest } from './execution-stages.ts';

interface Prepared extends NormalisedOperation {
  /** As the client sent it. */
  readonly given: OperationDefinitionNode;
  readonly context: ReturnType<typeof buildOperationContext>;
}

/** Executes plans as `ApolloGateway` does. `GATEWAY_ENGINE=stock` chooses it, in place of our own engine. */
export function createStockExecutor(options: {
  readonly supergraph: Supergraph;
  readonly createDataSource: (subgraph: ServiceEndpointDefinition) => GraphQLDataSource;
  /** Identifies the client of a request, by its context value. Clients take turns at the planner. */
  readonly getClient: (context: ExecutionRequest['context']) => string;
  /** Returns the request's place in its trace, by its context value. Default: none. */
  readonly getTrace?: (context: ExecutionRequest['context']) => TraceContext | undefined;
}): CreateExecutor {
  const { supergraph, createDataSource, getClient, getTrace } = options;
  return ({ composed, schema, plans }) => {
    const apiSchema = composed.apiSchema();
    const supergraphSchema = composed.schema.toGraphQLJSSchema();
    const prepare = createPreparation(schema, supergraph);
    const services = Object.fromEntries(
      composed.subgraphsMetadata().map((subgraph) => [subgraph.name, createDataSource(subgraph)]),
    );
    return async (request) => {
      const { operationName, variables } = request.request;
      const prepared = prepare(request.document, operationName);
      const given = prepared.given.variableDefinitions ?? [];
      const { errors } = getVariableValues(schema, given, variables ?? {});
      if (errors !== undefined) return { errors };
      const find = () => plans.find(prepared.text, getClient(request.context));
      const parent = getTrace?.(request.context);
      const plan = await (isSampled(parent) ? runInSpan('plan', { parent }, find) : find());
      const values = prepared.getVariables(variables);
      const result = await executeQueryPlan(
        plan,
        services,
        { ...request, request: { ...request.request, variables: values } } as Parameters<typeof executeQueryPlan>[2],
        prepared.context,
        supergraphSchema,
        apiSchema,
      );
      const { responseNames } = prepared;
      return responseNames === undefined ? result : restoreResponseNames(result, responseNames);
    };
  };
}

/** Normalises an operation once. The result is kept as long as the parsed document. */
function createPreparation(schema: GraphQLSchema, supergraph: Supergraph) {
  const plannerFields = findPlannerFields(supergraph);
  const computedFields = findComputedFields(supergraph);
  const interfaceObjectFields = findInterfaceObjectFields(supergraph);
  const documents = new WeakMap<DocumentNode, Map<string, Prepared>>();
  return (document: DocumentNode, operationName: string | null | undefined): Prepared => {
    const operations = documents.get(document) ?? new Map<string, Prepared>();
    documents.set(document, operations);
    const name = operationName ?? '';
    let prepared = operations.get(name);
    if (prepared === undefined) {
      const given = getOperationAST(document, operationName || undefined);
      if (given == null) throw new Error(`The document does not have the operation "${name}".`);
      const normalised = normaliseOperation(document, given, {
        schema,
        plannerFields,
        computedFields,
        interfaceObjectFields,
      });
      const context = buildOperationContext({ schema, operationDocument: normalised.document });
      operations.set(name, (prepared = { ...normalised, given, context }));
    }
    return prepared;
  };
}
