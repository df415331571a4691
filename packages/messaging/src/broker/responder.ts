import { context, SpanKind, trace } from '@opentelemetry/api';
import { headers } from 'nats';
import type { Msg, NatsConnection, Subscription } from 'nats';
import { waitAtMost } from '../async/wait.ts';
import type { Logger } from '../logger.ts';
import type { RequestDefinition } from '../topology.ts';
import { getTracer, isSampled, readTrace, traceHeader } from '../tracing/current-trace.ts';
import { endSpan } from '../tracing/shared-work.ts';
import type { Link } from './link.ts';
import { describeRequest, rejectionHeader } from './request.ts';

/** Answers one request. The payload is unchecked JSON. The result is sent as JSON. */
export type RequestHandler = (payload: unknown) => Promise<unknown>;

const finishTimeoutMs = 5_000;

/** Answers the requests of one definition. Replicas of a service share them. */
export class Responder {
  readonly #definition: Pick<RequestDefinition, 'subject' | 'responder'>;
  readonly #handler: RequestHandler;
  readonly #logger: Logger;
  readonly #stopWatching: () => void;
  readonly #answering = new Set<Promise<void>>();
  #nats: NatsConnection | undefined;
  #subscription: Subscription | undefined;
  #stopped: Promise<void> | undefined;

  constructor(
    link: Link,
    definition: Pick<RequestDefinition, 'subject' | 'responder'>,
    handler: RequestHandler,
    logger: Logger,
  ) {
    this.#definition = definition;
    this.#handler = handler;
    this.#logger = logger;
    this.#subscribe(link.nats);
    this.#stopWatching = link.watch((nats) => this.#subscribe(nats));
  }

  /** Takes no more requests, and returns when the pending ones are answered. */
  stop(): Promise<void> {
    this.#stopped ??= this.#finish();
    return this.#stopped;
  }

  async #finish(): Promise<void> {
    this.#stopWatching();
    if (this.#subscription && !this.#subscription.isClosed())
      await waitAtMost(finishTimeoutMs, this.#subscription.drain());
    await waitAtMost(finishTimeoutMs, Promise.all(this.#answering));
  }

  /** The client repeats subscriptions when it reconnects. Only another connection object needs a new one. */
  #subscribe(nats: NatsConnection | null): void {
    if (!nats || nats === this.#nats) return;
    this.#nats = nats;
    this.#subscription = nats.subscribe(this.#definition.subject, {
      queue: this.#definition.responder,
      callback: (error, message) => {
        if (error)
          return this.#logger.error({ err: error, subject: this.#definition.subject }, 'requests cannot be answered');
        const answering = this.#answer(message).finally(() => this.#answering.delete(answering));
        this.#answering.add(answering);
      },
    });
  }

  async #handle(message: Msg): Promise<unknown> {
    const parent = readTrace({ [traceHeader]: message.headers?.get(traceHeader) ?? '' });
    if (!isSampled(parent)) return this.#handler(message.json());
    const { subject } = message;
    const span = getTracer().startSpan(
      `answer ${subject}`,
      { kind: SpanKind.SERVER, attributes: describeRequest(subject) },
      parent,
    );
    try {
      const answer = await context.with(trace.setSpan(parent, span), () => this.#handler(message.json()));
      endSpan(span);
      return answer;
    } catch (error) {
      endSpan(span, error);
      throw error;
    }
  }

  async #answer(message: Msg): Promise<void> {
    try {
      message.respond(JSON.stringify(await this.#handle(message)));
    } catch (error) {
      this.#logger.error({ err: error, subject: message.subject }, 'a request could not be answered');
      const rejection = headers();
      // The reason stays in this service's log: it may contain more than another service should know.
      rejection.set(rejectionHeader, 'the request could not be answered');
      message.respond('', { headers: rejection });
    }
  }
}
