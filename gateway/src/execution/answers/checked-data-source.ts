import type { GraphQLDataSource } from '@apollo/gateway';
import { createCodedError } from '@shop/graphql';
import { maskedCode, type Logger } from '@shop/process';
import { parse, type DocumentNode, type GraphQLFormattedError } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import type { Supergraph } from '../../supergraph/index.ts';
import { findFailedPaths, listRepresentationTypes, type SubgraphOperation } from '../transport/find-failed-paths.ts';
import { readShape } from './answer-shape.ts';
import { completeData, type AnswerPath, type Fault } from './complete-data.ts';

type Call = Parameters<GraphQLDataSource<GatewayContext>['process']>[0];
type Response = Awaited<ReturnType<GraphQLDataSource<GatewayContext>['process']>>;
type Data = Record<string, unknown>;

/** Errors that one answer gets for its faults. All of its faulty values become null. */
const maxFaults = 100;

/** Documents that are kept, since the gateway sends the same texts again. */
const maxDocuments = 1_000;

/** Faults that the log names. */
const maxLogged = 5;

export interface CheckedDataSourceOptions {
  readonly source: GraphQLDataSource<GatewayContext>;
  /** The name of the subgraph. */
  readonly name: string;
  readonly supergraph: Supergraph;
  readonly logger: Logger;
  /** True when clients may see the reasons of unexpected errors. Default: false. */
  readonly exposeReasons?: boolean;
}

/**
 * Checks the data of a subgraph before `@apollo/gateway` uses it, which fails as a whole on data of another form, or leaves out the
 * errors. Each value that the schema does not allow becomes null with an error at its path. Each call with faults is logged once.
 */
export class CheckedDataSource implements GraphQLDataSource<GatewayContext> {
  readonly #options: CheckedDataSourceOptions;
  readonly #documents = new Map<string, DocumentNode>();

  constructor(options: CheckedDataSourceOptions) {
    this.#options = options;
  }

  async process(call: Call): Promise<Response> {
    const response = await this.#options.source.process(call);
    const document = ('document' in call ? call.document : undefined) ?? this.#parse(call.request.query ?? '');
    const operation = { document, variables: call.request.variables ?? {} };
    const given = readErrors(response);
    const { data } = response;
    // There is nothing to check, and the errors say why.
    if (data === undefined || data === null) return { ...response, ...(given.length === 0 ? {} : { errors: given }) };
    const faults: Fault[] = [];
    const completed = this.#complete(data, operation, given, faults, call.context as GatewayContext);
    if (faults.length > 0) this.#log(faults, call.context as GatewayContext);
    const errors = [...given, ...faults.slice(0, maxFaults).map((fault) => this.#toError(fault))];
    return { ...response, data: completed, ...(errors.length === 0 ? {} : { errors }) } as Response;
  }

  #complete(
    data: Data,
    operation: SubgraphOperation,
    given: readonly GraphQLFormattedError[],
    faults: Fault[],
    context: GatewayContext,
  ): Data | null {
    const { supergraph, name } = this.#options;
    const root = readShape(operation.document, operation.variables, supergraph);
    if (root === undefined) return data;
    const types = listRepresentationTypes(operation.variables);
    if (types !== undefined && !isListOf(data['_entities'], types.length)) {
      const failed = findFailedPaths(operation, supergraph);
      faults.push(...failed.paths.map((path) => ({ path, reason: `not ${types.length} entities` })));
      return failed.data;
    }
    const explained = given.map(({ path }) => path ?? []);
    return completeData(data, root, types ?? [], {
      supergraph,
      subgraph: name,
      report(fault) {
        if (!explained.some((path) => isBelow(path, fault.path))) faults.push(fault);
      },
      noteMissingEntity: () => (context.hasMissingEntity = true),
    });
  }

  #toError({ path, reason }: Fault): GraphQLFormattedError {
    const reasons =
      this.#options.exposeReasons === true ? { reason: `The ${this.#options.name} service answered: ${reason}.` } : {};
    return createCodedError(maskedCode, { path, extensions: reasons }).toJSON();
  }

  #log(faults: readonly Fault[], { requestId }: GatewayContext): void {
    const { name, logger } = this.#options;
    const places = faults.slice(0, maxLogged).map(({ path, reason }) => `${path.join('.')}: ${reason}`);
    logger.error({ subgraph: name, faults: faults.length, places, requestId }, `${name} answered against the schema`);
  }

  #parse(query: string): DocumentNode {
    const document = this.#documents.get(query) ?? parse(query, { noLocation: true });
    if (this.#documents.size >= maxDocuments) this.#documents.clear();
    this.#documents.set(query, document);
    return document;
  }
}

/** The errors of a response. A malformed path is left out, because `@apollo/gateway` would fail on it. */
function readErrors({ errors = [] }: Response): readonly GraphQLFormattedError[] {
  return errors.map(({ path, ...error }: GraphQLFormattedError) => (isPath(path) ? { ...error, path } : error));
}

function isListOf(value: unknown, length: number): boolean {
  return Array.isArray(value) && value.length === length;
}

function isPath(path: unknown): path is AnswerPath {
  return Array.isArray(path) && path.every((part) => typeof part === 'string' || Number.isSafeInteger(part));
}

/** True when an error at `path` explains null at `place`. An error without a path explains any. */
function isBelow(path: AnswerPath, place: AnswerPath): boolean {
  return path.length === 0 || place.every((part, index) => path[index] === part);
}
