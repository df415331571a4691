import type { Socket } from 'node:net';
import { errorBody, type Logger } from '@shop/process';
import { parse, GraphQLError, type ExecutionArgs } from 'graphql';
import { makeServer, type Context, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Caller, IdentifyCaller } from '../../identity/identify-caller.ts';
import { freeTextHeader } from '../../persisted-operations/free-text-header.ts';
import type { LiveMessage } from '../../live/live-stream.ts';
import { readParts } from '../read-operation.ts';
import { signedOut } from '../stream-formats.ts';
import { closeCodes, closeSocket } from './close-codes.ts';
import {
  runSocketOperation,
  type SocketAnswer,
  type SocketClient,
  type SocketOperationParts,
} from './run-socket-operation.ts';
import { SocketWriter } from './socket-writer.ts';

/** Milliseconds in which a client sends `connection_init`. */
const initTimeoutMs = 3_000;

export interface SocketOptions extends SocketOperationParts {
  readonly identifyCaller: IdentifyCaller;
  /** The most operations of a socket at a time. */
  readonly maxOperations: number;
  readonly stallMs: number;
  readonly pingMs: number;
  readonly logger: Logger;
}

/** A socket that a client has opened. */
export interface OpenedSocket {
  readonly socket: WebSocket;
  readonly connection: Socket;
  /** The header of its first request. */
  readonly authorization: string | undefined;
  readonly requestId: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

interface Session extends OpenedSocket {
  readonly writer: SocketWriter;
  /** The credentials of the client. */
  token: string | undefined;
  isFreeText: boolean;
  /** Operations that are not finished. */
  operations: number;
}

type SessionContext = Context<Record<string, unknown> | undefined, Session>;

/** The library wants a document, and executes nothing itself. */
const placeholder = parse('{ __typename }');

/**
 * Returns a function that serves the protocol `graphql-transport-ws` on a socket. The library graphql-ws speaks the protocol. Messages of
 * subscriptions are written beside it, as the text that they are: it would parse and write each of them again.
 */
export function createSocketServer(options: SocketOptions): (opened: OpenedSocket) => void {
  const { identifyCaller, maxOperations, stallMs, pingMs, logger } = options;

  /** Closes the socket of a caller who is not accepted. */
  async function identify({ socket, token, requestId }: Session): Promise<Caller | undefined> {
    const caller = await identifyCaller(token, requestId);
    if (caller.refusal === undefined) return caller;
    const { status, body } = caller.refusal;
    const code = status === 503 ? closeCodes.tryAgainLater : closeCodes.forbidden;
    closeSocket(socket, code, body.errors[0]?.message ?? '');
    return undefined;
  }

  async function run(context: SessionContext, id: string, payload: unknown): Promise<SocketAnswer> {
    const session = context.extra;
    const operation = readParts(payload);
    if (operation === undefined) return fail(errorBody('BAD_REQUEST').errors[0]);
    if (session.operations >= maxOperations) {
      const message = `This connection has ${maxOperations} operations, which is the limit. End some of them.`;
      return fail(errorBody('TOO_MANY_SUBSCRIPTIONS', message).errors[0]);
    }
    session.operations += 1;
    try {
      // The token may have expired since, or its session may have been revoked.
      const caller = await identify(session);
      if (caller === undefined) return { kind: 'errors', errors: [] };
      const { connection, ip, userAgent, isFreeText } = session;
      const client: SocketClient = { connection, ip, userAgent, isFreeText };
      const isWanted = (): boolean => id in context.subscriptions && session.socket.readyState === session.socket.OPEN;
      return await runSocketOperation(options, { operation, caller, client, isWanted });
    } finally {
      session.operations -= 1;
    }
  }

  const server: Server<Session> = makeServer<Record<string, unknown> | undefined, Session>({
    connectionInitWaitTimeout: initTimeoutMs,
    async onConnect({ connectionParams, extra }) {
      const given = findParameter(connectionParams, 'authorization');
      if (given !== undefined) extra.token = String(given);
      extra.isFreeText = findParameter(connectionParams, freeTextHeader) !== undefined;
      return (await identify(extra)) !== undefined;
    },
    async onSubscribe(context, id, payload) {
      const answer = await run(context, id, payload);
      if (answer.kind === 'errors' && answer.errors.length > 0) return answer.errors;
      return {
        document: placeholder,
        rootValue: answer,
        contextValue: { session: context.extra, id },
      } as unknown as ExecutionArgs;
    },
    execute({ rootValue, contextValue }) {
      const answer = rootValue as SocketAnswer;
      const { session, id } = contextValue as { session: Session; id: string };
      switch (answer.kind) {
        case 'result':
          return answer.result;
        case 'stream':
          return sendMessages(answer, session, id, logger);
        case 'errors':
          // The socket is closed, or the client has ended the operation.
          return endAtOnce;
      }
    },
    onNext: (_context, _id, _payload, _args, result) => result as never,
  });

  return (opened) => {
    const { socket, connection, requestId } = opened;
    const writer = new SocketWriter({ socket, connection, stallMs, pingMs });
    const session: Session = { ...opened, writer, token: opened.authorization, isFreeText: false, operations: 0 };
    // `close` follows.
    socket.on('error', (error) => logger.debug({ err: error, requestId }, 'a WebSocket failed'));
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (text) => writer.send(text),
        close: (code, reason) => closeSocket(socket, code ?? closeCodes.internalError, reason ?? ''),
        onMessage: (handle) =>
          socket.on('message', (data, isBinary) => {
            if (isBinary) return closeSocket(socket, closeCodes.badRequest, 'Send text');
            handle(String(data)).catch((error: unknown) => {
              if (error instanceof Error && error.message.startsWith('Unexpected message'))
                return closeSocket(socket, closeCodes.badRequest, 'Invalid message received');
              logger.error({ err: error, requestId }, 'a message of a WebSocket failed');
              closeSocket(socket, closeCodes.internalError, 'Internal server error');
            });
          }),
      },
      session,
    );
    socket.once('close', (code, reason) => void closed(code, String(reason)));
  };
}

/** Like a generator that writes what it would yield. Its `return` ends a stream that waits, which that of a generator does not. */
function sendMessages(
  { subscription, requestId }: SocketAnswer & { kind: 'stream' },
  { socket, writer }: Session,
  id: string,
  logger: Logger,
): AsyncGenerator<never, void, void> {
  const { stream } = subscription;
  const start = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  const done = { done: true, value: undefined } as const;

  async function send(): Promise<void> {
    try {
      let message: LiveMessage | undefined;
      while ((message = await stream.next()) !== undefined) {
        subscription.countMessage();
        await writer.send(`${start}${message.json}}`);
      }
    } catch (error) {
      logger.error({ err: error, requestId }, 'a subscription failed');
      stream.end('restart');
    } finally {
      subscription.finish();
    }
    switch (stream.ending) {
      case 'restart':
        return closeSocket(socket, closeCodes.restart, 'The gateway restarts. Connect again.');
      case 'unauthenticated':
        return closeSocket(socket, closeCodes.forbidden, signedOut);
      case 'slow':
        // A close frame would wait behind what the client does not read.
        return socket.terminate();
      case 'complete':
      case 'closed':
      case undefined:
        return;
    }
  }

  return {
    async next() {
      await send();
      return done;
    },
    async return() {
      stream.end(writer.wasStalled ? 'slow' : 'closed');
      return done;
    },
    async throw(error) {
      stream.end('closed');
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      stream.end('closed');
    },
  };
}

/** A parameter by its name in any case. */
function findParameter(parameters: Record<string, unknown> | undefined, name: string): unknown {
  return Object.entries(parameters ?? {}).find(([key]) => key.toLowerCase() === name)?.[1] ?? undefined;
}

function fail(error: { message: string; extensions: Record<string, unknown> } | undefined): SocketAnswer {
  return { kind: 'errors', errors: error === undefined ? [] : [new GraphQLError(error.message, error)] };
}

const endAtOnce: AsyncIterable<never> = {
  [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }),
};
