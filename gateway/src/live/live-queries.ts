import { createAccessError, isMet, toCredentials } from '@shop/access';
import { createCodedError, type ErrorMasking } from '@shop/graphql';
import { errorCodes, formatScopes, type Counter, type Logger } from '@shop/process';
import {
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import pLimit from 'p-limit';
import type { GatewayContext } from '../context.ts';
import type { EventFeed, FeedEvent } from '../events/event-feed.ts';
import { toGraphQLError } from '../execution/engine-executor.ts';
import type { Engine, EngineRequest } from '../execution/engine.ts';
import type { ReadGeneration } from '../execution/transport/shared-reads.ts';
import type { RevokedSessions } from '../identity/revoked-sessions.ts';
import type { Supergraph, SupergraphField, Variables } from '../supergraph/index.ts';
import { isFaultCode } from '../telemetry/record-operations.ts';
import { createExistenceQuery, createLiveOperation, type LiveOperation } from './live-operation.ts';
import type { ObjectState } from './live-object.ts';
import { LiveQuery, parsePosition, type Notices } from './live-query.ts';
import type { LiveEnding, LiveStream, OpenOptions, PreparedSubscription } from './live-stream.ts';
import { Subscriber } from './subscriber.ts';

/** Objects that are read at the same time because they changed. Further ones wait, and are read once for all their changes. */
const maxReads = 64;
/** How often the sessions of subscribers are looked at. */
const sweepMs = 500;
/** The largest number of objects of one subscription. */
const maxKeys = 100;

export interface LiveQueriesOptions {
  readonly supergraph: Supergraph;
  /** The schema that clients see. */
  readonly schema: GraphQLSchema;
  /** Keeps compiled operations as long as their documents. */
  readonly engine: Engine;
  readonly feed: EventFeed;
  readonly readGeneration: Pick<ReadGeneration, 'invalidate'>;
  readonly revokedSessions: Pick<RevokedSessions, 'has'>;
  readonly masking: ErrorMasking;
  /** Default: nothing is measured. */
  readonly metrics?: LiveMetrics;
  readonly logger: Logger;
}

export interface LiveMetrics {
  readonly liveReads: Counter<'field' | 'outcome'>;
}

/**
 * The subscriptions of one supergraph. A subscription is a query that is executed again for each object that an event names, for the
 * viewer who subscribed. So access and form of a message are those of the query.
 */
export class LiveQueries {
  readonly #options: LiveQueriesOptions;
  readonly #operations = new WeakMap<DocumentNode, Map<string, LiveOperation>>();
  readonly #existenceQueries = new Map<string, DocumentNode>();
  /** By everything that the answers depend on. */
  readonly #queries = new Map<string, LiveQuery>();
  readonly #queriesByEvent = new Map<string, Set<LiveQuery>>();
  readonly #subscribers = new Set<Subscriber>();
  readonly #streams: ReadonlySet<string>;
  readonly #limitReads = pLimit(maxReads);
  readonly #stopListening: () => void;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: LiveQueriesOptions) {
    this.#options = options;
    this.#streams = findStreams(options);
    this.#stopListening = options.feed.listen({
      onEvent: (event) => this.#handle(event),
      onGap: (stream) => this.#refresh(stream),
    });
  }

  /** Subscriptions that are open. */
  get size(): number {
    return this.#subscribers.size;
  }

  /** The streams of events that are not followed now, so that changes are not sent. */
  listLagging(): readonly string[] {
    return [...this.#streams].filter((stream) => !this.#options.feed.isFollowed(stream));
  }

  /** Ends all subscriptions. No new one may be opened after this. */
  close(ending: LiveEnding): void {
    this.#stopListening();
    for (const subscriber of [...this.#subscribers]) subscriber.end(ending);
    clearInterval(this.#sweep);
  }

  /**
   * Prepares a valid subscription.
   *
   * @throws GraphQLError for a viewer who may not subscribe, and for wrong arguments
   */
  async prepare({ document, operationName, variables = {}, context }: EngineRequest): Promise<PreparedSubscription> {
    const { schema, supergraph } = this.#options;
    const operation = getOperationAST(document, operationName || undefined);
    if (operation == null) throw createCodedError('OPERATION_RESOLUTION_FAILURE', { setsStatus: true });
    const live = this.#findOperation(document, operation);
    this.#requireAccess(live, context);
    const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
    if (coerced.errors !== undefined) throw badInput(coerced.errors[0]?.message);
    const field = schema.getSubscriptionType()?.getFields()[live.field];
    if (field === undefined) throw new Error(`The schema has lost the subscription ${live.field}.`);
    const keys = readKeys(live, getArgumentValues(field, live.node, coerced.coerced));
    if (keys !== undefined && keys.length > maxKeys)
      throw badInput(`A subscription may watch up to ${maxKeys} objects, and this one has ${keys.length}.`);
    const { within } = live.source;
    if (within !== undefined)
      for (const key of keys ?? []) await this.#requireExistence(supergraph, within, key, context);
    const used = Object.fromEntries(
      live.variableNames.flatMap((name) => (Object.hasOwn(variables, name) ? [[name, variables[name]]] : [])),
    );
    return {
      operationName: live.operationName,
      open: (options) => this.#open({ live, keys, variables: used, context }, options),
    };
  }

  #findOperation(document: DocumentNode, operation: OperationDefinitionNode): LiveOperation {
    let operations = this.#operations.get(document);
    if (operations === undefined) this.#operations.set(document, (operations = new Map()));
    const name = operation.name?.value ?? '';
    let live = operations.get(name);
    if (live === undefined) operations.set(name, (live = createLiveOperation(document, operation, this.#options)));
    return live;
  }

  /** The rules on the field of the subscription. Those on what it selects are checked whenever the query is executed. */
  #requireAccess({ field, responseName }: LiveOperation, { viewer }: GatewayContext): void {
    const { supergraph } = this.#options;
    const credentials = toCredentials(viewer);
    const requirements = supergraph.getRequirements(supergraph.getRootType('subscription'), field);
    const unmet = requirements.find((requirement) => !isMet(requirement, credentials));
    if (unmet !== undefined) throw createAccessError(unmet, credentials, [responseName]);
  }

  async #requireExistence(supergraph: Supergraph, field: string, id: string, context: GatewayContext): Promise<void> {
    let document = this.#existenceQueries.get(field);
    if (document === undefined) this.#existenceQueries.set(field, (document = createExistenceQuery(field)));
    const type = supergraph.getField(supergraph.getRootType('query'), field)?.typeName ?? 'object';
    const answer = await this.#options.engine({ document, operationName: undefined, variables: { id }, context });
    if (answer.refusal !== undefined) throw answer.refusal;
    const [error] = answer.errors;
    if (error !== undefined) throw toGraphQLError(error);
    if (answer.data === `{${JSON.stringify(field)}:null}`) throw createNotFound(type);
  }

  #open(
    request: {
      readonly live: LiveOperation;
      readonly keys: readonly string[] | undefined;
      readonly variables: Variables;
      readonly context: GatewayContext;
    },
    { after }: OpenOptions = {},
  ): LiveStream {
    const { live, keys, variables, context } = request;
    const query = this.#findQuery(live, variables, context);
    const subscriber: Subscriber = new Subscriber(context, () => {
      this.#subscribers.delete(subscriber);
      query.remove(subscriber);
    });
    this.#subscribers.add(subscriber);
    this.#sweep ??= setInterval(() => this.#endSessions(), sweepMs).unref();
    query.add(subscriber, keys, after === undefined ? undefined : this.#readPosition(after));
    return subscriber;
  }

  #readPosition(after: string) {
    const position = parsePosition(after);
    return { hash: after, events: position === undefined ? undefined : this.#options.feed.listAfter(position) };
  }

  #findQuery(live: LiveOperation, variables: Variables, { viewer }: GatewayContext): LiveQuery {
    const id = JSON.stringify([live.text, variables, viewer.userId, formatScopes(viewer.scopes)]);
    const known = this.#queries.get(id);
    if (known !== undefined) return known;
    const { events } = live.source;
    const query: LiveQuery = new LiveQuery({
      operation: live,
      read: (object, subscriber) => this.#read(live, { ...variables, [live.idVariable]: object }, subscriber),
      isForOne: live.isForOne,
      notices: this.#createNotices(live),
      onIdle: () => {
        this.#queries.delete(id);
        for (const type of events) this.#queriesByEvent.get(type)?.delete(query);
      },
    });
    this.#queries.set(id, query);
    for (const type of events) {
      const queries = this.#queriesByEvent.get(type);
      if (queries === undefined) this.#queriesByEvent.set(type, new Set([query]));
      else queries.add(query);
    }
    return query;
  }

  #createNotices({ field, responseName }: LiveOperation): Notices {
    const { supergraph } = this.#options;
    const type = supergraph.getField(supergraph.getRootType('subscription'), field)?.typeName ?? 'object';
    const write = ({ message, extensions: { code } }: ReturnType<typeof createNotFound>): string =>
      JSON.stringify({ data: null, errors: [{ message, path: [responseName], extensions: { code } }] });
    return { absent: write(createNotFound(type)), missed: write(createCodedError('EVENTS_MISSED')) };
  }

  #handle(event: FeedEvent): void {
    const queries = this.#queriesByEvent.get(event.type);
    if (queries === undefined || queries.size === 0) return;
    // The reads that follow must not join one that was sent before the event.
    this.#options.readGeneration.invalidate();
    for (const query of queries) query.handle(event);
  }

  #refresh(stream: string): void {
    this.#options.readGeneration.invalidate();
    const queries = new Set(
      [...this.#queriesByEvent].flatMap(([type, found]) =>
        this.#options.feed.findStream(type) === stream ? [...found] : [],
      ),
    );
    for (const query of queries) query.refresh();
  }

  #endSessions(): void {
    const now = Date.now();
    for (const subscriber of [...this.#subscribers]) {
      const { expiresAt = Infinity, viewer } = subscriber.context;
      if (expiresAt <= now || this.#options.revokedSessions.has(viewer.sessionId)) subscriber.end('unauthenticated');
    }
    if (this.#subscribers.size > 0) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }

  async #read(live: LiveOperation, variables: Variables, { context }: Subscriber): Promise<ObjectState> {
    const { engine, masking, metrics, logger } = this.#options;
    // Notes of one execution must not reach the next.
    const { trace: _trace, hasMissingEntity: _hasMissingEntity, ...rest } = context;
    const { document, operationName, responseName, versionName, field } = live;
    const { requestId } = context;
    let state: ObjectState;
    try {
      const answer = await this.#limitReads(() => engine({ document, operationName, variables, context: rest }));
      if (answer.refusal !== undefined) throw answer.refusal;
      const errors = masking.maskErrors(answer.errors.map(toGraphQLError), { operationName, requestId });
      state = readState(answer.data, errors, { responseName, versionName });
    } catch (error) {
      logger.error({ err: error, field, requestId }, 'the object of a subscription could not be read');
      const errors = [{ message: errorCodes.SERVICE_UNAVAILABLE.message, extensions: { code: 'SERVICE_UNAVAILABLE' } }];
      state = { kind: 'failed', json: JSON.stringify({ data: null, errors }) };
    }
    metrics?.liveReads.inc({ field, outcome: state.kind });
    return state;
  }
}

/** The streams of all fields of subscriptions. */
function findStreams({ supergraph, feed }: Pick<LiveQueriesOptions, 'supergraph' | 'feed'>): ReadonlySet<string> {
  const fields =
    supergraph.types.get(supergraph.getRootType('subscription'))?.fields ?? new Map<string, SupergraphField>();
  const events = [...fields.values()].flatMap(({ live }) => live?.events ?? []);
  return new Set(events.flatMap((type) => feed.findStream(type) ?? []));
}

/** @returns undefined for all objects */
function readKeys({ source }: LiveOperation, values: Readonly<Record<string, unknown>>): string[] | undefined {
  if (source.argument === undefined) return undefined;
  return [...new Set([values[source.argument]].flat().map((value) => normaliseId(String(value))))];
}

/** Ids are UUIDs, and the subject of an event has them in lower case. */
const normaliseId = (id: string): string => id.toLowerCase();

/** Reads the version, which is the first field of the object, and leaves it out. */
export function readState(
  data: string | undefined,
  errors: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[],
  { responseName, versionName }: Pick<LiveOperation, 'responseName' | 'versionName'>,
): ObjectState {
  const list = errors.length === 0 ? '' : `"errors":${JSON.stringify(errors)},`;
  const isOurs = errors.some(({ extensions }) => isFaultCode(String(extensions?.['code'])));
  const field = `{${JSON.stringify(responseName)}:`;
  if (data === undefined || data === 'null' || data === `${field}null}`) {
    if (isOurs) return { kind: 'failed', json: `{${list}"data":null}` };
    // Where the viewer may not have a field that cannot be null, there is nothing to show, and that stays so.
    return errors.length === 0
      ? { kind: 'absent' }
      : { kind: 'present', json: `{${list}"data":null}`, version: undefined, isWhole: true };
  }
  if (versionName === undefined)
    return { kind: 'present', json: `{${list}"data":${data}}`, version: undefined, isWhole: !isOurs };
  const start = `${field}{${JSON.stringify(versionName)}:`;
  if (!data.startsWith(start)) throw new Error('The object of a subscription does not begin with its version.');
  const end = data.slice(start.length).search(/[,}]/) + start.length;
  const rest = data.slice(data[end] === ',' ? end + 1 : end);
  return {
    kind: 'present',
    json: `{${list}"data":${field}{${rest}}`,
    version: Number(data.slice(start.length, end)),
    isWhole: !isOurs,
  };
}

const createNotFound = (type: string) =>
  createCodedError('NOT_FOUND', {
    message: `There is no ${type} with this id, or you may not see it.`,
    setsStatus: true,
  });

const badInput = (message: string | undefined) => createCodedError('BAD_USER_INPUT', { message, setsStatus: true });
