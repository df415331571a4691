import type { GraphQLDataSource } from '@apollo/gateway';
import { type ErrorCode, requestIdHeader, type InternalTokenSigner, type Logger } from '@shop/process';
import { parse, type GraphQLFormattedError } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import type { Supergraph } from '../../supergraph/index.ts';
import { SubgraphCallError } from './answer-reader.ts';
import { findFailedPaths, type SubgraphOperation } from './find-failed-paths.ts';
import { isRepeatable } from './is-repeatable.ts';
import { readAnswer, type SubgraphResponse } from './read-answer.ts';
import { SignedCalls } from './signed-calls.ts';
import type { SubgraphClient } from './subgraph-client.ts';

type Call = Parameters<GraphQLDataSource<GatewayContext>['process']>[0];

/** The response that `@apollo/gateway` accepts. Its own type demands error objects, but it reads only these members. */
type DataSourceResponse = Awaited<ReturnType<GraphQLDataSource<GatewayContext>['process']>>;

export interface DataSourceOptions {
  readonly client: SubgraphClient;
  readonly signer: InternalTokenSigner;
  readonly supergraph: Supergraph;
  readonly logger: Logger;
  /** True when the reasons of unexpected errors are passed on. Default: false. */
  readonly exposeReasons?: boolean;
}

/**
 * Calls one subgraph for the gateway. It never rejects: a failed call answers with null and an error for each place that it
 * leaves empty, so that the client keeps the rest of the data.
 *
 * Only the headers below are sent. No header of the client reaches a subgraph.
 */
export class SubgraphDataSource implements GraphQLDataSource<GatewayContext> {
  readonly #options: DataSourceOptions;
  readonly #calls: SignedCalls;

  constructor(options: DataSourceOptions) {
    this.#options = options;
    this.#calls = new SignedCalls(options);
  }

  async process(call: Call): Promise<DataSourceResponse> {
    const context = call.context as GatewayContext;
    const { query = '', variables = {}, operationName } = call.request;
    const document = 'document' in call ? call.document : undefined;
    const operation = (): SubgraphOperation => ({ document: document ?? parse(query), variables });

    const body = JSON.stringify({ query, variables, operationName });
    const response = await this.#send(body, context, operation);
    if (typeof response === 'string') return toDataSourceResponse(this.#reportUnavailable(operation()));
    if (response.data != null || response.errors === undefined) return toDataSourceResponse(response);
    return toDataSourceResponse(this.#addPaths(response.errors, operation()));
  }

  /** Returns the response, or the reason why there is none. */
  async #send(
    body: string,
    context: GatewayContext,
    operation: () => SubgraphOperation,
  ): Promise<SubgraphResponse | string> {
    const { client, logger, supergraph, exposeReasons = false } = this.#options;
    let failure: string;
    try {
      const { viewer } = context;
      const headers = createHeaders(context);
      const isSafe = (): boolean => isRepeatable(operation(), supergraph);
      const answer = await this.#calls.post({ viewer, body, headers, isRepeatable: isSafe });
      const response = readAnswer(answer, { exposeReasons });
      if (typeof response !== 'string') return response;
      failure = response;
    } catch (error) {
      if (!(error instanceof SubgraphCallError)) throw error;
      failure = `${error.reason}: ${error.message}`;
    }
    logger.error(
      { subgraph: client.name, failure, requestId: context.requestId },
      `a call to ${client.name} failed: ${failure}`,
    );
    return failure;
  }

  #reportUnavailable(operation: SubgraphOperation): SubgraphResponse {
    const { name } = this.#options.client;
    const { data, paths } = findFailedPaths(operation, this.#options.supergraph);
    const message = `The ${name} service is unavailable.`;
    const extensions = { code: 'SERVICE_UNAVAILABLE' satisfies ErrorCode, service: name };
    return { data, errors: paths.map((path) => ({ message, path, extensions })) };
  }

  /** Errors without a path, of a call without data, are repeated at each place that stays empty. */
  #addPaths(errors: readonly GraphQLFormattedError[], operation: SubgraphOperation): SubgraphResponse {
    const { data, paths } = findFailedPaths(operation, this.#options.supergraph);
    return {
      data,
      errors: errors.flatMap((error) => (error.path ? [error] : paths.map((path) => ({ ...error, path })))),
    };
  }
}

function createHeaders({ requestId, ip, userAgent }: GatewayContext): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: 'application/json',
    [requestIdHeader]: requestId,
    ...(ip === null ? {} : { 'x-client-ip': ip }),
    ...(userAgent === null ? {} : { 'x-client-user-agent': userAgent }),
  };
}

function toDataSourceResponse({ data, errors }: SubgraphResponse): DataSourceResponse {
  return { ...(data === undefined ? {} : { data }), ...(errors === undefined ? {} : { errors }) } as DataSourceResponse;
}
