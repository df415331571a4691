import type { ErrorMasking } from '@shop/graphql';
import { beginStream, errorBody, type Logger } from '@shop/process';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findClient, findContext } from '../context.ts';
import type { ServedGraph } from '../graph/served-graph.ts';
import type { RefusedSubscription } from '../live/live-stream.ts';
import { acceptedTypes, chooseStreamType, type StreamType } from './negotiate.ts';
import type { OpenSubscription, OpenSubscriptions } from './open-subscriptions.ts';
import { prepareSubscription, refuse } from './prepare-subscription.ts';
import { isSubscription, readOperation, type RequestedOperation } from './read-operation.ts';
import { sendStream } from './send-stream.ts';
import { streamFormats } from './stream-formats.ts';

export interface AnswerSubscriptionOptions {
  readonly open: OpenSubscriptions;
  readonly masking: ErrorMasking;
  /** Milliseconds after which the server cuts a client that takes nothing. */
  readonly stallMs: number;
  /** Milliseconds between pings. */
  readonly pingMs: number;
  readonly logger: Logger;
}

/** Answers a request whose operation is a subscription, or returns false. */
export type AnswerSubscription = (
  request: FastifyRequest,
  reply: FastifyReply,
  graph: ServedGraph,
) => Promise<boolean> | false;

const takesJson = /json|\*/i;

/** The form of a position, so that nothing else of a client reaches a log or a parser. */
const position = /^[\x21-\x7e]{1,500}$/;

/**
 * Sends subscriptions as the answers to requests: as server-sent events, or as multipart. The type of the operation decides first, and
 * then what the client accepts, since clients accept streams for their queries too. A refusal before the stream begins is an answer in
 * JSON.
 */
export function createAnswerSubscription(options: AnswerSubscriptionOptions): AnswerSubscription {
  const { open, masking, stallMs, pingMs, logger } = options;

  async function answer(
    operation: RequestedOperation,
    request: FastifyRequest,
    reply: FastifyReply,
    graph: ServedGraph,
  ): Promise<boolean> {
    const type = chooseStreamType(request.headers.accept);
    // Links, images and forms of another site accept no event streams. So they cannot begin one by GET.
    if (type === undefined || (request.method === 'GET' && type !== 'sse')) {
      void reply.code(406).send(errorBody('BAD_REQUEST', acceptedTypes));
      return true;
    }
    const context = findContext(request);
    const prepared = await prepareSubscription(graph.apollo, operation, context, listHeaders(request));
    if ('errors' in prepared) {
      sendRefusal(reply, prepared);
      return true;
    }
    let subscription: OpenSubscription;
    try {
      subscription = open.open(prepared, {
        graph,
        client: findClient(context),
        connection: findConnection(request),
        transport: type,
        after: type === 'sse' ? readPosition(request) : undefined,
      });
    } catch (error) {
      const refused = refuse(error, context, masking);
      context.record.operation = prepared.operationName;
      context.record.codes = refused.errors.map(({ extensions }) => String(extensions?.['code']));
      context.record.outcome = refused.status >= 500 ? 'failed' : 'refused';
      sendRefusal(reply, refused);
      return true;
    }
    begin(request, reply, type);
    const { record } = context;
    record.operation = prepared.operationName;
    record.type = 'subscription';
    record.outcome = 'ok';
    record.codes = [];
    beginStream(request, reply);
    void sendStream({
      response: reply.raw,
      subscription,
      format: streamFormats[type],
      pingMs,
      stallMs,
      requestId: request.id,
      logger,
    });
    return true;
  }

  return (request, reply, graph) => {
    const operation = readOperation(request);
    if (operation === undefined) return false;
    const { supergraph } = graph;
    if (!supergraph.types.has(supergraph.getRootType('subscription'))) return false;
    const { findText } = graph.pipeline;
    const isStream = isSubscription(operation, { findText, documents: graph.documents });
    if (isStream === false) return false;
    // Apollo Server would tell a client of streams that it accepts no JSON, and not what is wrong with the document.
    const { accept } = request.headers;
    if (isStream === undefined && (takesJson.test(accept ?? '*/*') || chooseStreamType(accept) === undefined))
      return false;
    return answer(operation, request, reply, graph);
  };
}

/** Takes the response from Fastify, with the headers that its hooks have set. */
function begin(request: FastifyRequest, reply: FastifyReply, type: StreamType): void {
  void reply
    .code(200)
    .type(streamFormats[type].contentType)
    // nginx and its kin pass the body on as it comes.
    .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  // The connection ends with the stream. A closing gateway would otherwise wait for the idle connection.
  if (request.raw.httpVersionMajor === 1) reply.header('connection', 'close');
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
  reply.raw.statusCode = 200;
}

function sendRefusal(reply: FastifyReply, { status, headers, errors }: RefusedSubscription): void {
  for (const [name, value] of headers) reply.header(name, value);
  void reply.code(status).header('cache-control', 'no-store').send({ errors });
}

/** A connection of HTTP/2 has many streams, and that of HTTP/1.1 one. */
function findConnection({ raw }: FastifyRequest): object {
  return (raw as unknown as { stream?: { session?: object } }).stream?.session ?? raw.socket;
}

function readPosition(request: FastifyRequest): string | undefined {
  const value = request.headers['last-event-id'];
  return typeof value === 'string' && position.test(value) ? value : undefined;
}

function* listHeaders({ headers }: FastifyRequest): Generator<readonly [string, string]> {
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) yield [name, Array.isArray(value) ? value.join(', ') : value];
}
