import type { GraphQLDataSource } from '@apollo/gateway';
import { boundErrors, maxErrors } from '@shop/graphql';
import type { ErrorCode } from '@shop/process';
import { Kind, parse, type GraphQLFormattedError } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import type { Supergraph } from '../../supergraph/index.ts';
import { findFailedPaths, type SubgraphOperation } from './find-failed-paths.ts';
import type { SubgraphResponse } from './read-answer.ts';
import type { SubgraphCaller } from './subgraph-caller.ts';

type Call = Parameters<GraphQLDataSource<GatewayContext>['process']>[0];

/** The response that `@apollo/gateway` accepts. Its own type demands error objects, but it reads only these members. */
type DataSourceResponse = Awaited<ReturnType<GraphQLDataSource<GatewayContext>['process']>>;

export interface DataSourceOptions {
  readonly caller: SubgraphCaller;
  readonly supergraph: Supergraph;
}

const leftOut = 'ERRORS_LEFT_OUT' satisfies ErrorCode;

/**
 * Calls one subgraph for the executor of `@apollo/gateway`. It never rejects: a failed call answers with null and an error for each
 * place that it leaves empty, so that the client keeps the rest of the data.
 */
export class SubgraphDataSource implements GraphQLDataSource<GatewayContext> {
  readonly #options: DataSourceOptions;

  constructor(options: DataSourceOptions) {
    this.#options = options;
  }

  async process(call: Call): Promise<DataSourceResponse> {
    const { query = '', variables = {}, operationName } = call.request;
    const document = ('document' in call ? call.document : undefined) ?? parse(query);
    const isMutation = document.definitions.some(
      (node) => node.kind === Kind.OPERATION_DEFINITION && node.operation === 'mutation',
    );
    const outgoing = {
      body: JSON.stringify({ query, variables, operationName }),
      operation: query,
      operationKind: isMutation ? ('mutation' as const) : ('query' as const),
      variables: () => variables,
      entities: (variables['representations'] as readonly unknown[] | undefined)?.length,
    };
    const response = await this.#options.caller.call(outgoing, call.context as GatewayContext);
    if (response.data != null || response.errors === undefined) return toDataSourceResponse(response);
    return toDataSourceResponse(this.#addPaths(response.errors, { document, variables }));
  }

  /** Errors without a path, of a call without data, are repeated at each place that stays empty. Of many, the first are kept. */
  #addPaths(errors: readonly GraphQLFormattedError[], operation: SubgraphOperation): SubgraphResponse {
    const { data, paths } = findFailedPaths(operation, this.#options.supergraph);
    const placed: GraphQLFormattedError[] = [];
    for (const error of errors) {
      if (error.path || error.extensions?.['code'] === leftOut) placed.push(error);
      else placed.push(...paths.map((path) => ({ ...error, path })));
      if (placed.length > maxErrors) break;
    }
    return { data, errors: boundErrors(placed) };
  }
}

function toDataSourceResponse({ data, errors }: SubgraphResponse): DataSourceResponse {
  return { ...(data === undefined ? {} : { data }), ...(errors === undefined ? {} : { errors }) } as DataSourceResponse;
}
