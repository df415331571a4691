import type { GraphQLDataSource } from '@apollo/gateway';
import { internalToken, requestIdHeader, type InternalTokenSigner, type Logger } from '@shop/process';
import { parse, type GraphQLFormattedError } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { SubgraphCallError } from './answer-reader.ts';
import { failedCallOf, type SubgraphOperation } from './failed-paths.ts';
import { readAnswer, type SubgraphResponse } from './read-answer.ts';
import type { SchemaFacts } from './schema-facts.ts';
import type { SubgraphClient } from './subgraph-client.ts';

type Call = Parameters<GraphQLDataSource<GatewayContext>['process']>[0];

/** What `@apollo/gateway` takes: its own type wants error objects, though it reads no more than this of them. */
type DataSourceResponse = Awaited<ReturnType<GraphQLDataSource<GatewayContext>['process']>>;

/**
 * How the gateway calls one subgraph. It never rejects: a call that fails answers with null and an error for each place
 * that it leaves empty, so that the rest of the client's data is kept.
 *
 * Only the headers written here are sent: no header of the client's reaches a subgraph.
 */
export class SubgraphDataSource implements GraphQLDataSource<GatewayContext> {
  readonly #client: SubgraphClient;
  readonly #signer: InternalTokenSigner;
  readonly #facts: SchemaFacts;
  readonly #logger: Logger;

  constructor(options: { client: SubgraphClient; signer: InternalTokenSigner; facts: SchemaFacts; logger: Logger }) {
    this.#client = options.client;
    this.#signer = options.signer;
    this.#facts = options.facts;
    this.#logger = options.logger;
  }

  async process(call: Call): Promise<DataSourceResponse> {
    const context = call.context as GatewayContext;
    const { query = '', variables = {}, operationName } = call.request;
    const document = 'document' in call ? call.document : undefined;
    const operation = (): SubgraphOperation => ({ document: document ?? parse(query), variables });

    const response = await this.#send(JSON.stringify({ query, variables, operationName }), context);
    if (typeof response === 'string') return toDataSourceResponse(this.#unavailable(operation()));
    if (response.data != null || response.errors === undefined) return toDataSourceResponse(response);
    return toDataSourceResponse(this.#withPaths(response.errors, operation()));
  }

  /** The response, or why there is none. */
  async #send(body: string, context: GatewayContext): Promise<SubgraphResponse | string> {
    let failure: string;
    try {
      const answer = await this.#client.postGraphQL(body, await this.#headers(context));
      const response = readAnswer(answer);
      if (typeof response !== 'string') return response;
      failure = response;
    } catch (error) {
      if (!(error instanceof SubgraphCallError)) throw error;
      failure = `${error.reason}: ${error.message}`;
    }
    this.#logger.error(
      { subgraph: this.#client.name, failure, requestId: context.requestId },
      `a call to ${this.#client.name} failed: ${failure}`,
    );
    return failure;
  }

  async #headers({ viewer, requestId, ip, userAgent }: GatewayContext): Promise<Record<string, string>> {
    return {
      'content-type': 'application/json',
      accept: 'application/json',
      [internalToken.header]: await this.#signer.sign(viewer, this.#client.name),
      [requestIdHeader]: requestId,
      ...(ip === null ? {} : { 'x-client-ip': ip }),
      ...(userAgent === null ? {} : { 'x-client-user-agent': userAgent }),
    };
  }

  #unavailable(operation: SubgraphOperation): SubgraphResponse {
    const { data, paths } = failedCallOf(operation, this.#facts);
    const message = `The ${this.#client.name} service is unavailable.`;
    const extensions = { code: 'SERVICE_UNAVAILABLE', service: this.#client.name };
    return { data, errors: paths.map((path) => ({ message, path, extensions })) };
  }

  /** Errors without a path, of a call that gave no data at all, are laid at each place that stays empty. */
  #withPaths(errors: readonly GraphQLFormattedError[], operation: SubgraphOperation): SubgraphResponse {
    const { data, paths } = failedCallOf(operation, this.#facts);
    return {
      data,
      errors: errors.flatMap((error) => (error.path ? [error] : paths.map((path) => ({ ...error, path })))),
    };
  }
}

function toDataSourceResponse({ data, errors }: SubgraphResponse): DataSourceResponse {
  return { ...(data === undefined ? {} : { data }), ...(errors === undefined ? {} : { errors }) } as DataSourceResponse;
}
